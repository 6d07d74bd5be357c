/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * At most so many a second, with bursts: a semaphore for tokens, and a ticker that adds them.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   request 1 goes at once
 *   request 2 goes at once
 *   request 3 waits for a token
 *   request 4 waits for a token
 */
#include <em/async.h>
#include <em/board.h>

enum { BURST = 2 };
static em_semaphore tokens = EM_SEMAPHORE_INIT(BURST);

TASK(refill, ARGS((em_duration, period)), VARS(em_ticker ticker; em_ticker_wait tick))
{
    ASYNC {
        em_ticker_init(&self->ticker, self->period, EM_TICKER_SKIP);
        for (;;) {
            AWAIT(em_ticker_next(&self->tick, &self->ticker));
            if (em_semaphore_permits(&tokens) < BURST)
                em_semaphore_release(&tokens, 1);
        }
    }
}

MAIN(VARS(em_semaphore_acquire_future token; int i))
{
    ASYNC {
        em_must_spawn(self->spawner, refill(em_ms(20)));
        for (self->i = 1; self->i <= 4; self->i++) {
            if (em_semaphore_try_acquire(&tokens, 1) == EM_OK) {
                em_print("request %d goes at once\n", self->i);
                continue;
            }
            em_print("request %d waits for a token\n", self->i);
            AWAIT(em_semaphore_acquire(&self->token, &tokens, 1));
        }
        em_board_exit(0);
    }
}

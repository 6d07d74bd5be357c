/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Each hart has timers of its own: ten seconds of its own ticker, each.
 *
 * run: --icount --smp 4
 * expect: hart 0: (999|1000|1001) ticks
 * expect: hart 1: (999|1000|1001) ticks
 * expect: hart 2: (999|1000|1001) ticks
 * expect: hart 3: (999|1000|1001) ticks
 */
#include <em/async.h>
#include <em/board.h>

static struct {
    uint32_t count;
} EM_HART_ALIGNED_ ticks[8];

TASK(ticking, POOL(8), VARS(em_ticker ticker; em_ticker_wait tick))
{
    ASYNC {
        em_ticker_init(&self->ticker, em_ms(10), EM_TICKER_BURST);
        for (;;) {
            AWAIT(em_ticker_next(&self->tick, &self->ticker));
            ticks[em_hart_id()].count++;
        }
    }
}

MAIN(VARS(em_timer timer))
{
    ASYNC {
        for (unsigned h = 0; h < em_hart_count(); h++) {
            em_must_spawn(em_spawner_hart(h), ticking());
        }
        AWAIT(em_timer_after(&self->timer, em_secs(10)));
        for (unsigned h = 0; h < em_hart_count(); h++) {
            em_print("hart %u: %u ticks\n", h, *(volatile uint32_t *)&ticks[h].count);
        }
        em_board_exit(0);
    }
}

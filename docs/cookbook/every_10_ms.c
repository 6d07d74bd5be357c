/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Something every 10 ms, without drift: the ticks stay on their raster, however late one is taken.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   10 ticks, off the raster by 0 ticks of the clock
 */
#include <em/async.h>
#include <em/board.h>

#define PERIOD em_ms(10)

static void sample(void)
{
    em_block_for(em_us(300)); /* work that takes its time */
}

MAIN(VARS(em_ticker ticker; em_ticker_wait tick; em_instant first; int i; uint64_t missed))
{
    ASYNC {
        em_ticker_init(&self->ticker, PERIOD, EM_TICKER_SKIP);
        self->first = self->ticker.next;
        for (self->i = 0; self->i < 10; self->i++) {
            uint64_t missed;
            AWAIT_INTO(missed, em_ticker_next(&self->tick, &self->ticker));
            self->missed += missed; /* 0, but on a machine that was kept busy */
            sample();
        }
        uint64_t off = em_instant_diff(self->ticker.next, self->first).ticks % PERIOD.ticks;
        em_print("%d ticks, off the raster by %u ticks of the clock\n", self->i, (unsigned)off);
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: a ticker, which does not drift, and its three policies for ticks that were missed.
 *
 * Each round is late once: after the first tick it "works" for three and a half periods. BURST then
 * delivers the three missed ticks back to back, SKIP says how many it left out and keeps the raster,
 * DELAY counts a full period from the late tick.
 */
#include <em/async.h>
#include <em/board.h>

#define PERIOD em_ms(40)

static unsigned half_periods_since(em_instant t)
{
    return (unsigned)(em_instant_elapsed(t).ticks / (PERIOD.ticks / 2));
}

ASYNC_FN(void, four_ticks, ARGS((const char *, name), (enum em_ticker_policy, policy)),
         VARS(em_ticker ticker; em_ticker_wait next; em_timer work; em_instant start; int i))
{
    ASYNC {
        self->start = em_now();
        em_ticker_init(&self->ticker, PERIOD, self->policy);
        for (self->i = 0; self->i < 4; self->i++) {
            uint64_t skipped;
            AWAIT_INTO(skipped, em_ticker_next(&self->next, &self->ticker));
            em_print("%s: tick %d in half period %u, %u skipped\n", self->name, self->i,
                     half_periods_since(self->start), (unsigned)skipped);
            if (self->i == 0)
                AWAIT(em_timer_at(&self->work, em_instant_add(self->start, em_ms(180))));
        }
    }
}

MAIN(VARS(struct four_ticks round))
{
    ASYNC {
        AWAIT(four_ticks(&self->round, "burst", EM_TICKER_BURST));
        AWAIT(four_ticks(&self->round, "skip", EM_TICKER_SKIP));
        AWAIT(four_ticks(&self->round, "delay", EM_TICKER_DELAY));
        em_board_exit(0);
    }
}

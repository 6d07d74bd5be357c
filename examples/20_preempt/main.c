/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: em_spawner_level, a task that preempts another one in the middle of its computation.
 *
 * The sampler must not be late, whatever the others do: it lives on level 3. Its samples come through a channel: what
 * levels share, they share as harts do.
 */
#include <em/async.h>
#include <em/board.h>

EM_CHANNEL_TYPE(samples, unsigned, 16);
static samples inbox;

TASK(sampler, VARS(em_ticker ticker; em_ticker_wait next; unsigned n))
{
    ASYNC {
        em_ticker_init(&self->ticker, em_ms(10), EM_TICKER_SKIP);
        for (;;) {
            AWAIT(em_ticker_next(&self->next, &self->ticker));
            if (samples_try_send(&inbox, ++self->n) != EM_OK) {
                em_print("sample %u is lost\n", self->n);
            }
        }
    }
}

/* It awaits nothing: without levels nobody else of this hart would run. */
static void compute(em_duration d)
{
    em_instant end = em_instant_add(em_now(), d);
    while (em_instant_before(em_now(), end)) {
    }
}

MAIN(VARS(samples_receive_future rx; unsigned i))
{
    ASYNC {
        em_must_spawn(em_spawner_level(3), sampler());
        em_print("computing\n");
        compute(em_ms(55));
        em_print("done; meanwhile:\n");
        for (self->i = 0; self->i < 7; self->i++) {
            unsigned sample;
            AWAIT_INTO(sample, samples_receive(&self->rx, &inbox));
            em_print("sample %u%s\n", sample, self->i < 5 ? "" : ", as soon as it is there");
        }
        em_board_exit(0);
    }
}

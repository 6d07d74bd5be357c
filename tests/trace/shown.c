/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What docs/trace.svg shows: samples that are taken in time by a task that preempts, go through a channel, and are
 * worked on; a slow report that gives way; and one that is cancelled.
 *
 * All that takes long takes whole milliseconds of the clock, so the picture is the same after any change of the code.
 */
#include <em/async.h>
#include <em/board.h>

EM_CHANNEL_TYPE(samples, unsigned, 4);
static samples inbox;

static void work(em_duration d)
{
    em_instant end = em_instant_add(em_now(), d);
    while (em_instant_before(em_now(), end)) {
    }
}

TASK(sampler, VARS(em_ticker every; em_ticker_wait tick; unsigned n))
{
    ASYNC {
        em_ticker_init(&self->every, em_ms(10), EM_TICKER_SKIP);
        for (;;) {
            AWAIT(em_ticker_next(&self->tick, &self->every));
            work(em_ms(1));
            if (samples_try_send(&inbox, ++self->n) != EM_OK)
                em_board_exit(1);
        }
    }
}

TASK(filter, PRIORITY(2), VARS(samples_receive_future rx; unsigned n))
{
    ASYNC {
        for (;;) {
            AWAIT(samples_receive(&self->rx, &inbox));
            work(em_ms(3));
        }
    }
}

TASK(report, VARS(unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < 4; self->i++) {
            work(em_ms(4));
            YIELD();
        }
    }
}

TASK(watcher, POOL(2), ARGS((em_duration, limit)), VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, self->limit));
        work(em_ms(2));
    }
}

MAIN(VARS(em_timer t; em_task_handle slow; em_task_join end))
{
    ASYNC {
        em_must_spawn(em_spawner_level(2), sampler());
        em_must_spawn(self->spawner, filter());
        em_must_spawn(self->spawner, watcher(em_ms(15)));
        if (em_spawn_handle(self->spawner, watcher(em_secs(10)), &self->slow) != EM_OK)
            em_board_exit(1);
        AWAIT(em_timer_after(&self->t, em_ms(18)));
        em_must_spawn(self->spawner, report());
        AWAIT(em_timer_after(&self->t, em_ms(32)));
        em_task_cancel(self->slow);
        AWAIT(em_task_wait(&self->end, self->slow));
        AWAIT(em_timer_after(&self->t, em_ms(15)));
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the option `trace` costs: an event, with all that the hook does; a masked section; and a round of two tasks that
 * yield, which is four events a poll: POLL_BEGIN, AWAIT, WAKE, POLL_END.
 *
 * Flow: a hook -> em_trace_record_;  YIELD -> the other task, as in yield.c
 */
#include "rounds.h"

#include <em/async.h>
#include <em/mark.h>
#include <em/trace_ring.h>

enum { EVENT, EVENT_AT, AWAITED, MARK, MASKED, YIELD_2 };

static bench_row rows[] = {
    [EVENT] = {.name = "trace_event"},
    [EVENT_AT] = {.name = "trace_event_at"},
    [AWAITED] = {.name = "trace_await"},
    [MARK] = {.name = "trace_mark"},
    [MASKED] = {.name = "trace_masked"},
    [YIELD_2] = {.name = "trace_yield_2", .divisor = 2},
};

TASK(stamper)
{
    ASYNC {
        for (;;) {
            STAMP();
            YIELD();
        }
    }
}

TASK(yielder)
{
    ASYNC {
        for (;;) {
            YIELD();
        }
    }
}

MAIN(VARS(em_timer pause; unsigned round))
{
    ASYNC {
        bench_self_test();
        em_trace_rings_[0].records = EM_CFG_TRACE_RECORDS | EM_TRACE_RUNS; /* as start.S does with the option */
        for (self->round = 0; self->round < BENCH_ROUNDS; self->round++) {
            BENCH_OF(&rows[EVENT], em_trace_(EM_TRACE_POLL_END_, cx, 1));
            BENCH_OF(&rows[EVENT_AT], em_trace_at_(EM_TRACE_WAKE_, cx, self));
            BENCH_OF(&rows[AWAITED], em_trace_await_(&self->frame_));
            BENCH_OF(&rows[MARK], em_trace_mark("round", self->round));
            BENCH_OF(&rows[MASKED], em_irq_restore(em_irq_save()));
        }
        em_must_spawn(self->spawner, stamper());
        em_must_spawn(self->spawner, yielder());
        AWAIT(em_timer_after(&self->pause, em_ms(5)));
        sample_rounds(&rows[YIELD_2]);
        BENCH_END(rows);
    }
}

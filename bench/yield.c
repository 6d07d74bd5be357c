/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Yields: 1, 2, 10, 100, 1000 tasks that are all ready, each yielding for ever. A sample is a round, divided
 * by its polls (rounds.h).
 *
 * Flow: YIELD -> run queue -> the next task
 */
#include "rounds.h"

#include <em/async.h>

static bench_row rows[] = {
    {.name = "yield_1", .divisor = 1},
    {.name = "yield_2", .divisor = 2},
    {.name = "yield_10", .divisor = 10},
    {.name = "yield_100", .divisor = 100},
    {.name = "yield_1000", .divisor = 1000},
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

TASK(yielder, POOL(999))
{
    ASYNC {
        for (;;) {
            YIELD();
        }
    }
}

MAIN(VARS(em_timer pause; unsigned row; unsigned others))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, stamper());
        for (self->row = 0; self->row < sizeof rows / sizeof *rows; self->row++) {
            for (; self->others < rows[self->row].divisor - 1; self->others++) {
                em_must_spawn(self->spawner, yielder());
            }
            AWAIT(em_timer_after(&self->pause, em_ms(5)));
            sample_rounds(&rows[self->row]);
        }
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Yields: 1, 2, 10, 100, 1000 tasks that are all ready, each yielding for ever. A sample is a round, divided
 * by its polls; one of the tasks takes the samples.
 *
 * Flow: YIELD -> run queue -> the next task
 */
#include "bench.h"

#include <em/async.h>

static bench_row rows[] = {
    {.name = "yield_1", .divisor = 1},
    {.name = "yield_2", .divisor = 2},
    {.name = "yield_10", .divisor = 10},
    {.name = "yield_100", .divisor = 100},
    {.name = "yield_1000", .divisor = 1000},
};

TASK(yielder, POOL(999))
{
    ASYNC {
        for (;;) {
            YIELD();
        }
    }
}

MAIN(VARS(unsigned row; unsigned i; unsigned others))
{
    ASYNC {
        bench_self_test();
        for (self->row = 0; self->row < sizeof rows / sizeof *rows; self->row++) {
            for (; self->others < rows[self->row].divisor - 1; self->others++) {
                em_must_spawn(self->spawner, yielder());
            }
            for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
                BENCH_START();
                YIELD();
                BENCH_SAMPLE(&rows[self->row], BENCH_COUNT);
            }
        }
        BENCH_END(rows);
    }
}

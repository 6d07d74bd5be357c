/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Yields: 1, 2, 10, 100, 1000 tasks that are all ready, each yielding for ever. A sample is a round, divided
 * by its polls. One of the tasks stamps each round, in so few instructions that its body stays as the others'.
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

/* yield_stamps[yield_rounds++ % 128] = mcycle: of two stamps' difference, 12 instructions are the stamp's own. */
#define STAMPS 128
#define STAMP_COST 12
uint64_t yield_stamps[STAMPS];
uint64_t yield_rounds;

#define STAMP()                                                                                       \
    __asm__ volatile(".option push\n\t.option norelax\n\tla t0, yield_rounds\n\tla t2, yield_stamps\n\t" \
                     ".option pop\n\tld t1, 0(t0)\n\taddi t1, t1, 1\n\tsd t1, 0(t0)\n\tandi t1, t1, 127\n\t" \
                     "slli t1, t1, 3\n\tadd t1, t1, t2\n\tcsrr t0, mcycle\n\tsd t0, 0(t1)"            \
                     ::: "t0", "t1", "t2", "memory")

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

/* The last rounds but those in which this task was woken. */
static void sample_rounds(bench_row *row)
{
    uint64_t last = yield_rounds - 4;
    for (uint64_t i = last - BENCH_ROUNDS; i < last; i++) {
        bench_sample(row, yield_stamps[(i + 1) % STAMPS] - yield_stamps[i % STAMPS] - STAMP_COST);
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

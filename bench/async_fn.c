/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Async functions: what a call costs that does not wait, and what a level adds to a resume: a task that
 * yields itself (depth 0), or in a function 1 to 4 calls below it.
 *
 * Flow: the executor -> the task's body -> the function's body -> … -> YIELD
 */
#include "bench.h"

#include <em/async.h>

static bench_row rows[] = {
    {.name = "async_call_1"}, {.name = "async_call_2"}, {.name = "async_call_3"}, {.name = "async_call_4"},
    {.name = "async_resume_0"}, {.name = "async_resume_1"}, {.name = "async_resume_2"},
    {.name = "async_resume_3"}, {.name = "async_resume_4"},
};

ASYNC_FN(int, level1, ARGS((int, n), (bench_row *, row)), VARS(int i))
{
    ASYNC {
        for (self->i = 0; self->i < self->n; self->i++) {
            BENCH_START();
            YIELD();
            BENCH_SAMPLE(self->row, BENCH_COUNT);
        }
        RETURN(self->n);
    }
}

#define LEVEL(name, below)                                                                \
    ASYNC_FN(int, name, ARGS((int, n), (bench_row *, row)), VARS(struct below call))      \
    {                                                                                     \
        ASYNC {                                                                           \
            int r;                                                                        \
            AWAIT_INTO(r, below(&self->call, self->n, self->row));                        \
            RETURN(r);                                                                    \
        }                                                                                 \
    }

LEVEL(level2, level1)
LEVEL(level3, level2)
LEVEL(level4, level3)

MAIN(VARS(ONE_OF(struct level1 one, struct level2 two, struct level3 three, struct level4 four); unsigned i))
{
    ASYNC {
        bench_self_test();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(level1(&self->one, 0, NULL));
            BENCH_SAMPLE(&rows[0], BENCH_COUNT);
            BENCH_START();
            AWAIT(level2(&self->two, 0, NULL));
            BENCH_SAMPLE(&rows[1], BENCH_COUNT);
            BENCH_START();
            AWAIT(level3(&self->three, 0, NULL));
            BENCH_SAMPLE(&rows[2], BENCH_COUNT);
            BENCH_START();
            AWAIT(level4(&self->four, 0, NULL));
            BENCH_SAMPLE(&rows[3], BENCH_COUNT);
            BENCH_START();
            YIELD();
            BENCH_SAMPLE(&rows[4], BENCH_COUNT);
        }
        AWAIT(level1(&self->one, BENCH_ROUNDS, &rows[5]));
        AWAIT(level2(&self->two, BENCH_ROUNDS, &rows[6]));
        AWAIT(level3(&self->three, BENCH_ROUNDS, &rows[7]));
        AWAIT(level4(&self->four, BENCH_ROUNDS, &rows[8]));
        BENCH_END(rows);
    }
}

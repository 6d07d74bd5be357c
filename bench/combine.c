/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What select, join and timeout add to a wait. The wait is em_yield_now(): one poll that waits, one that is
 * ready; `_ready` is with futures that are ready at once.
 *
 * Flow: one task -> the combinator -> its arms
 */
#include "bench.h"

#include <em/async.h>

static bench_row rows[] = {
    {.name = "await_ready"}, {.name = "select2_ready"}, {.name = "join2_ready"}, {.name = "timeout_ready"},
    {.name = "await_yield"}, {.name = "select2_yield"}, {.name = "join2_yield"}, {.name = "timeout_yield"},
};

static em_poll ready_poll(em_future *f, em_context *cx)
{
    (void)f;
    (void)cx;
    return EM_READY;
}

static const em_future_ops ready_ops = {.poll = ready_poll, .name = "ready"};

typedef struct ready {
    em_future future;
} ready;

static inline ready *ready_now(ready *r)
{
    r->future.ops = &ready_ops;
    return r;
}

TASK(at_once, VARS(ready a; ready b; em_select2 select; em_join2 join; em_timeout timeout; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(ready_now(&self->a));
            BENCH_SAMPLE(&rows[0], BENCH_COUNT);
            BENCH_START();
            AWAIT(SELECT(&self->select, ready_now(&self->a), ready_now(&self->b)));
            BENCH_SAMPLE(&rows[1], BENCH_COUNT);
            BENCH_START();
            AWAIT(JOIN(&self->join, ready_now(&self->a), ready_now(&self->b)));
            BENCH_SAMPLE(&rows[2], BENCH_COUNT);
            BENCH_START();
            AWAIT(WITH_TIMEOUT(&self->timeout, em_secs(1), ready_now(&self->a)));
            BENCH_SAMPLE(&rows[3], BENCH_COUNT);
        }
    }
}

/* The timer of a task that sleeps all the time: the timeout's is not alone in its queue. */
TASK(sleeper, VARS(em_timer timer))
{
    ASYNC {
        AWAIT(em_timer_after(&self->timer, em_secs(3600)));
    }
}

MAIN(VARS(em_yield a; em_yield b; em_select2 select; em_join2 join; em_timeout timeout; unsigned i))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, at_once());
        em_must_spawn(self->spawner, sleeper());
        YIELD();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(em_yield_now(&self->a));
            BENCH_SAMPLE(&rows[4], BENCH_COUNT);
            BENCH_START();
            AWAIT(SELECT(&self->select, em_yield_now(&self->a), em_yield_now(&self->b)));
            BENCH_SAMPLE(&rows[5], BENCH_COUNT);
            BENCH_START();
            AWAIT(JOIN(&self->join, em_yield_now(&self->a), em_yield_now(&self->b)));
            BENCH_SAMPLE(&rows[6], BENCH_COUNT);
            BENCH_START();
            AWAIT(WITH_TIMEOUT(&self->timeout, em_secs(1), em_yield_now(&self->a)));
            BENCH_SAMPLE(&rows[7], BENCH_COUNT);
        }
        BENCH_END(rows);
    }
}

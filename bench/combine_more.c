/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * As combine.c, for the fair select, the join that may fail and the single poll.
 *
 * Flow: one task -> the combinator -> its arms
 */
#include "bench.h"

#include <em/async.h>

static bench_row rows[] = {
    {.name = "select_fair2_ready"}, {.name = "try_join2_ready"}, {.name = "poll_once_ready"},
    {.name = "select_fair2_yield"}, {.name = "poll_once_yield"},
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
    int out;
} ready;

static inline ready *ready_now(ready *r)
{
    r->future.ops = &ready_ops;
    r->out = EM_OK;
    return r;
}

MAIN(VARS(ready a; ready b; em_yield yield_a; em_yield yield_b; em_select_fair2 fair; em_try_join2 try; unsigned i))
{
    ASYNC {
        bench_self_test();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            bool is_ready;
            BENCH_OF(&rows[0], AWAIT(SELECT_FAIR(&self->fair, ready_now(&self->a), ready_now(&self->b))));
            BENCH_OF(&rows[1], AWAIT(TRY_JOIN(&self->try, ready_now(&self->a), ready_now(&self->b))));
            EM_ASSERT(self->try.out == EM_OK);
            BENCH_OF(&rows[2], is_ready = POLL_ONCE(ready_now(&self->a)));
            EM_ASSERT(is_ready);
            BENCH_OF(&rows[3],
                     AWAIT(SELECT_FAIR(&self->fair, em_yield_now(&self->yield_a), em_yield_now(&self->yield_b))));
            BENCH_OF(&rows[4], is_ready = POLL_ONCE(em_yield_now(&self->yield_a)));
            EM_ASSERT(!is_ready);
            YIELD(); /* its wake */
        }
        BENCH_END(rows);
    }
}

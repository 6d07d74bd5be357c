/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* SELECT_FAIR, TRY_JOIN, POLL_ONCE and em_first_array in bodies: nested, in loops, with arms that fail or win again. */
#include "late.h"

static em_pipe pipe;
static uint8_t bytes[8];
static int results[4];
static unsigned wins[2];

static void spawn_and_run(em_spawn_token t)
{
    em_must_spawn(test_spawner(), t);
    test_run();
}

/* Both are ready all the time. */
TASK(fair, VARS(em_select_fair2 sel; late a; late b; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < 10; self->i++) {
            AWAIT(SELECT_FAIR(&self->sel, late_value(&self->a, 0, 1), late_value(&self->b, 0, 2)));
            wins[WON(self->sel, self->b)]++;
        }
    }
}

static void a_busy_arm_does_not_starve_the_other(void)
{
    test_begin();
    spawn_and_run(fair());
    CHECK(wins[0] == 5 && wins[1] == 5);
}

ASYNC_FN(int, half, ARGS((int, n)), VARS(em_select_fair2 sel; em_yield y; late l))
{
    ASYNC {
        AWAIT(SELECT_FAIR(&self->sel, em_yield_now(&self->y), late_value(&self->l, 1, 0)));
        if (self->n % 2) {
            RETURN(EM_ERR_INVAL);
        }
        RETURN(self->n / 2);
    }
}

TASK(joins, VARS(em_try_join3 join; em_try_join2 inner; em_timeout to; struct half a; struct half b; struct half c;
                 late l; em_select2 sel))
{
    ASYNC {
        AWAIT_INTO(results[0], TRY_JOIN(&self->join, half(&self->a, 8), half(&self->b, 6),
                                        WITH_TIMEOUT(&self->to, em_ticks(9), late_value(&self->l, 3, 0))));
        results[1] = self->a.out + self->b.out;
        AWAIT_INTO(results[2], TRY_JOIN(&self->join, late_value(&self->l, 99, 0), half(&self->b, 7),
                                        TRY_JOIN(&self->inner, half(&self->a, 2), half(&self->c, 4))));
        AWAIT_INTO(results[3], TRY_JOIN(&self->inner, half(&self->a, 2),
                                        SELECT(&self->sel, late_value(&self->l, 99, 0), half(&self->c, 4))));
    }
}

static void joins_nest_and_end_at_a_failure(void)
{
    test_begin();
    late_dropped = 0;
    spawn_and_run(joins());
    CHECK(results[0] == EM_OK && results[1] == 7);
    CHECK(results[2] == EM_ERR_INVAL && results[3] == EM_OK);
}

TASK(looks, VARS(em_pipe_read_future read; char c))
{
    ASYNC {
        em_trace(POLL_ONCE(em_pipe_read(&self->read, &pipe, &self->c, 1)) ? "ready" : "pending");
        int n = em_pipe_try_write(&pipe, "x", 1);
        em_trace(n == 1 && POLL_ONCE(em_pipe_read(&self->read, &pipe, &self->c, 1)) ? "ready" : "pending");
    }
}

static void a_single_poll_is_no_await(void)
{
    test_begin();
    pipe = (em_pipe)EM_PIPE_INIT(bytes, sizeof bytes);
    spawn_and_run(looks());
    CHECK_TRACE("pending ready");
    CHECK(em_pipe_is_empty(&pipe) && FRAME(looks)->read.out == 0); /* the frame is zeroed */
}

/* Five jobs, three at a time. */
enum { JOBS = 5, PLACES = 3 };

TASK(many, VARS(em_first first; em_future *arms[PLACES]; struct half halves[PLACES]; int next; int done))
{
    ASYNC_TRY {
        for (self->next = 0; self->next < PLACES; self->next++) {
            self->arms[self->next] = &half(&self->halves[self->next], 2 * self->next)->future;
        }
        for (;;) {
            AWAIT(em_first_array(&self->first, self->arms, PLACES));
            if (self->first.out < 0) {
                break;
            }
            self->done += self->halves[self->first.out].out;
            if (self->next < JOBS) {
                self->arms[self->first.out] = &half(&self->halves[self->first.out], 2 * self->next++)->future;
            }
        }
        results[0] = self->done;
    }
    FINALLY {
        em_first_drop(self->arms, PLACES);
        em_trace_number("left", (unsigned)(CANCELLED ? 1 : 0));
    }
}

static void many_operations_at_a_time(void)
{
    test_begin();
    spawn_and_run(many());
    CHECK(results[0] == 0 + 1 + 2 + 3 + 4);
    CHECK_TRACE("left0");
    em_must_spawn(test_spawner(), many());
    em_executor_poll(&test_executor);
    em_task_cancel(HANDLE(many));
    test_run();
    CHECK_TRACE("left1");
}

static const em_test tests[] = {
    TEST(a_busy_arm_does_not_starve_the_other),
    TEST(joins_nest_and_end_at_a_failure),
    TEST(a_single_poll_is_no_await),
    TEST(many_operations_at_a_time),
};

int main(void)
{
    RUN_TESTS(tests);
}

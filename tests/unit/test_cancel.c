/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Cancelling tasks and async functions, FINALLY, and waiting for their end, in the task language. No clock
 * and no fake port: the same source runs on the host and on a machine.
 */
#include "test.h"

#include <em/async.h>

static em_executor e;
static em_signal gate;

static em_spawner here(void)
{
    return (em_spawner){&e};
}

static void begin(void)
{
    gate = (em_signal){0};
}

static void run(void)
{
    while (!em_executor_is_idle(&e)) {
        em_executor_poll(&e);
    }
}

ASYNC_FN(void, inner, VARS(em_signal_wait_future wait))
{
    ASYNC_TRY {
        AWAIT(em_signal_wait(&self->wait, &gate));
        YIELD();
        AWAIT(em_signal_wait(&self->wait, &gate));
    }
    FINALLY {
        em_trace(CANCELLED ? "inner-cancelled" : "inner-done");
    }
}

TASK(outer, ARGS((bool, leaves_early)), VARS(struct inner in))
{
    ASYNC_TRY {
        em_trace("outer");
        if (self->leaves_early) {
            RETURN();
        }
        AWAIT(inner(&self->in));
        YIELD();
    }
    FINALLY {
        em_trace(CANCELLED ? "outer-cancelled" : "outer-done");
    }
}

static void finally_runs_at_the_end_and_after_a_return(void)
{
    begin();
    em_must_spawn(here(), outer(true));
    run();
    CHECK_TRACE("outer outer-done");
    em_must_spawn(here(), outer(false));
    for (unsigned i = 0; i < 2; i++) {
        run();
        em_signal_set(&gate);
    }
    run();
    CHECK_TRACE("outer inner-done outer-done");
}

/* Cancel after every number of polls: each FINALLY runs once, the inner first, and the signal stays usable. */
static void a_task_can_be_cancelled_at_every_await(void)
{
    const char *expected[] = {
        "",                                       /* before its first poll */
        "outer inner-cancelled outer-cancelled",  /* at the first wait */
        "outer inner-cancelled outer-cancelled",  /* the signal was handed over: it is passed on */
        "outer inner-cancelled outer-cancelled",  /* in the YIELD */
        "outer inner-cancelled outer-cancelled",  /* at the second wait */
        "outer inner-done outer-cancelled",       /* in the last YIELD */
        "outer inner-done outer-done",            /* it had ended */
    };
    for (unsigned step = 0; step < 7; step++) {
        em_task_handle handle;
        begin();
        CHECK(em_spawn_handle(here(), outer(false), &handle) == EM_OK);
        for (unsigned i = 0; i < step; i++) {
            if (i == 1 || i == 4) {
                em_signal_set(&gate);
            }
            if (!(step == 2 && i == 1)) {
                em_executor_poll(&e);
            }
        }
        em_task_cancel(handle);
        em_task_cancel(handle);
        run();
        CHECK_TRACE(expected[step]);
        CHECK(em_task_ended(handle));
        CHECK(em_wait_list_empty(&gate.waiters) && em_signal_is_set(&gate) == (step == 2));
    }
}

TASK(suicidal, VARS(em_task_handle me))
{
    ASYNC_TRY {
        YIELD();
        em_task_cancel(self->me);
        em_trace("still here");
        YIELD();
        em_trace("never");
    }
    FINALLY {
        em_trace(CANCELLED ? "cancelled" : "done");
    }
}

static void a_task_that_cancels_itself_goes_on_to_its_next_await(void)
{
    em_task_handle me;
    CHECK(em_spawn_handle(here(), suicidal(), &me) == EM_OK);
    em_executor_poll(&e);
    ((struct suicidal *)(void *)em_task_root(me.task))->me = me;
    run();
    CHECK_TRACE("still here cancelled");
    CHECK(em_task_ended(me));
}

ASYNC_FN(void, arm, ARGS((unsigned, number)), VARS(em_signal_wait_future wait))
{
    ASYNC_TRY {
        AWAIT(em_signal_wait(&self->wait, &gate));
    }
    FINALLY {
        em_trace_number(CANCELLED ? "dropped" : "won", self->number);
    }
}

TASK(selects, VARS(em_select3 s; struct arm a; struct arm b; struct arm c))
{
    ASYNC {
        AWAIT(SELECT(&self->s, arm(&self->a, 0), arm(&self->b, 1), arm(&self->c, 2)));
        em_trace_number(WON(self->s, self->a) ? "a" : WON(self->s, self->b) ? "b" : "c", (unsigned)self->s.out);
    }
}

static void select_drops_async_functions_from_left_to_right(void)
{
    em_task_handle handle;
    begin();
    em_must_spawn(here(), selects());
    run();
    em_signal_set(&gate);
    run();
    CHECK_TRACE("won0 dropped1 dropped2 a0");
    CHECK(em_spawn_handle(here(), selects(), &handle) == EM_OK);
    run();
    em_task_cancel(handle);
    run();
    CHECK_TRACE("dropped0 dropped1 dropped2");
    CHECK(em_wait_list_empty(&gate.waiters));
}

TASK(joins, VARS(em_join2 j; struct arm a; struct arm b))
{
    ASYNC {
        AWAIT(JOIN(&self->j, arm(&self->a, 0), arm(&self->b, 1)));
        em_trace("both");
    }
}

static void join_waits_for_all_and_drops_only_what_is_left(void)
{
    em_task_handle handle;
    begin();
    CHECK(em_spawn_handle(here(), joins(), &handle) == EM_OK);
    run();
    em_signal_set(&gate);
    run();
    CHECK_TRACE("won0");
    em_task_cancel(handle);
    run();
    CHECK_TRACE("dropped1");
    em_must_spawn(here(), joins());
    for (unsigned i = 0; i < 2; i++) {
        run();
        em_signal_set(&gate);
    }
    run();
    CHECK_TRACE("won0 won1 both");
}

/* -- join handles ------------------------------------------------------------------------------- */

static unsigned joined; /* bits: whose wait was over */

TASK(waits_for, POOL(4), ARGS((unsigned, number), (em_task_handle, other)), VARS(em_task_join join))
{
    ASYNC {
        AWAIT(em_task_wait(&self->join, self->other));
        joined |= 1u << self->number;
    }
}

static void any_number_of_tasks_wait_for_the_end_of_one(void)
{
    em_task_handle worker;
    em_task_handle impatient;
    begin();
    joined = 0;
    CHECK(em_spawn_handle(here(), outer(false), &worker) == EM_OK);
    em_must_spawn(here(), waits_for(0, worker));
    em_must_spawn(here(), waits_for(1, worker));
    CHECK(em_spawn_handle(here(), waits_for(2, worker), &impatient) == EM_OK);
    run();
    em_task_cancel(impatient);
    run();
    CHECK(joined == 0);
    em_task_cancel(worker);
    run();
    CHECK_TRACE("outer inner-cancelled outer-cancelled");
    CHECK(joined == 3);
    em_must_spawn(here(), waits_for(3, worker)); /* it has ended: ready at once */
    run();
    CHECK(joined == (3 | 1 << 3));
}

static const em_test tests[] = {
    TEST(finally_runs_at_the_end_and_after_a_return),
    TEST(a_task_can_be_cancelled_at_every_await),
    TEST(a_task_that_cancels_itself_goes_on_to_its_next_await),
    TEST(select_drops_async_functions_from_left_to_right),
    TEST(join_waits_for_all_and_drops_only_what_is_left),
    TEST(any_number_of_tasks_wait_for_the_end_of_one),
};

int main(void)
{
    RUN_TESTS(tests);
}

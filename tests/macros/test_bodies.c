/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What stands in a body: awaits, results, ways out, FINALLY, cancellation. */
#include "fake_port.h"
#include "late.h"

#include <string.h>

static void spawn_and_run(em_spawn_token token)
{
    em_must_spawn(test_spawner(), token);
    test_run();
}

/* -- results -------------------------------------------------------------------------------------- */

static int results[3];

ASYNC_FN(int, twice, ARGS((int, n)), VARS(late l))
{
    ASYNC {
        int n;
        AWAIT_INTO(n, late_value(&self->l, 2, self->n));
        RETURN(n * 2);
    }
}

TASK(take_results, VARS(struct twice f; int calls; int n[2]))
{
    ASYNC {
        AWAIT_INTO(self->n[self->calls++], twice(&self->f, 10 + self->calls));
        AWAIT_INTO(self->n[self->calls++], twice(&self->f, ++results[2])); results[0] = self->calls;
        results[1] = self->n[0] + self->n[1];
    }
}

static void destination_and_future_are_evaluated_once(void)
{
    test_begin();
    memset(results, 0, sizeof results);
    spawn_and_run(take_results());
    CHECK(results[0] == 2);
    CHECK(results[1] == 22);
    CHECK(results[2] == 1);
}

ASYNC_FN(int, checked, ARGS((int, n)))
{
    ASYNC {
        YIELD();
        RETURN(self->n);
    }
}

ASYNC_FN(int, try_both, ARGS((int, a), (int, b)), VARS(struct checked c))
{
    ASYNC_TRY {
        AWAIT_TRY(checked(&self->c, self->a));
        em_trace("first");
        AWAIT_TRY(checked(&self->c, self->b));
        em_trace("second");
        RETURN(7);
    }
    FINALLY {
        em_trace(CANCELLED ? "cancelled" : "finished");
    }
}

TASK(trier, ARGS((int, a), (int, b)), VARS(struct try_both t))
{
    ASYNC {
        AWAIT_INTO(results[0], try_both(&self->t, self->a, self->b));
    }
}

static void try_leaves_with_a_negative_result_and_through_finally(void)
{
    test_begin();
    spawn_and_run(trier(EM_ERR_NOSPC, 0));
    CHECK_TRACE("finished");
    CHECK(results[0] == EM_ERR_NOSPC);
    spawn_and_run(trier(0, EM_ERR_IO));
    CHECK_TRACE("first finished");
    CHECK(results[0] == EM_ERR_IO);
    spawn_and_run(trier(1, 2));
    CHECK_TRACE("first second finished");
    CHECK(results[0] == 7);
}

/* -- ways out -------------------------------------------------------------------------------------- */

enum way { BY_END, BY_RETURN, BY_BREAK, BY_LOOP_BREAK, BY_CANCEL };

ASYNC_FN(void, leave, ARGS((enum way, way), (probe *, p)))
{
    ASYNC_TRY {
        if (self->way == BY_RETURN) {
            YIELD();
            RETURN();
        }
        if (self->way == BY_BREAK)
            break;
        while (self->way == BY_LOOP_BREAK) {
            YIELD();
            break;
        }
        if (self->way == BY_CANCEL)
            AWAIT(watch(self->p));
        em_trace("end");
    }
    FINALLY {
        em_trace(CANCELLED ? "cancelled" : "finished");
    }
}

TASK(leaver, ARGS((enum way, way), (probe *, p)), VARS(struct leave l))
{
    ASYNC_TRY {
        AWAIT(leave(&self->l, self->way, self->p));
        em_trace("after");
    }
    FINALLY {
        em_trace(CANCELLED ? "outer-cancelled" : "outer-finished");
    }
}

static void finally_runs_once_on_every_way_out(void)
{
    probe p;
    test_begin();
    probe_init(&p, 'p');
    spawn_and_run(leaver(BY_END, &p));
    CHECK_TRACE("end finished after outer-finished");
    spawn_and_run(leaver(BY_RETURN, &p));
    CHECK_TRACE("finished after outer-finished");
    spawn_and_run(leaver(BY_BREAK, &p));
    CHECK_TRACE("finished after outer-finished");
    spawn_and_run(leaver(BY_LOOP_BREAK, &p));
    CHECK_TRACE("end finished after outer-finished");
    spawn_and_run(leaver(BY_CANCEL, &p));
    CHECK_TRACE("p");
    em_task_cancel(HANDLE(leaver));
    test_run();
    CHECK_TRACE("~p cancelled outer-cancelled"); /* from the leaf outwards */
}

static void finally_does_not_run_if_the_body_never_started(void)
{
    probe p;
    test_begin();
    probe_init(&p, 'p');
    em_must_spawn(test_spawner(), leaver(BY_END, &p));
    em_task_cancel(HANDLE(leaver));
    test_run();
    CHECK_TRACE("");
    spawn_and_run(leaver(BY_END, &p)); /* the slot is free again */
    CHECK_TRACE("end finished after outer-finished");
}

TASK(yielder_with_cleanup, VARS(late l))
{
    ASYNC_TRY {
        AWAIT(late_value(&self->l, 0, 0));
        YIELD();
    }
    FINALLY {
        em_trace(CANCELLED ? "cancelled" : "finished");
    }
}

static void cancelling_at_a_yield_drops_nothing_but_runs_finally(void)
{
    unsigned dropped = late_dropped;
    test_begin();
    em_must_spawn(test_spawner(), yielder_with_cleanup());
    em_executor_poll(&test_executor);
    em_task_cancel(HANDLE(yielder_with_cleanup));
    test_run();
    CHECK_TRACE("cancelled");
    CHECK(late_dropped == dropped); /* what was awaited before is done: it must not be dropped */
}

TASK(plain_ways_out, ARGS((enum way, way)))
{
    ASYNC {
        YIELD();
        if (self->way == BY_RETURN)
            RETURN();
        else if (self->way == BY_BREAK)
            break;
        em_trace("end");
    }
}

static void a_body_without_try_ends_at_its_end_by_return_and_by_break(void)
{
    test_begin();
    spawn_and_run(plain_ways_out(BY_END));
    CHECK_TRACE("end");
    spawn_and_run(plain_ways_out(BY_RETURN));
    spawn_and_run(plain_ways_out(BY_BREAK));
    CHECK_TRACE("");
    em_must_spawn(test_spawner(), plain_ways_out(BY_END));
    em_executor_poll(&test_executor);
    em_task_cancel(HANDLE(plain_ways_out));
    test_run();
    CHECK_TRACE("");
    CHECK(!PANICS(spawn_and_run(plain_ways_out(BY_END)))); /* the slot is free */
    CHECK_TRACE("end");
}

/* -- several at once ------------------------------------------------------------------------------- */

TASK(selecter, ARGS((probe *, a), (probe *, b)), VARS(em_select2 sel; em_join2 join; em_timeout to; late x; late y))
{
    ASYNC {
        AWAIT_INTO(results[0], SELECT(&self->sel, watch(self->a), watch(self->b)));
        em_trace(WON(self->sel, *self->b) ? "b-won" : "a-won");
        AWAIT_INTO(results[1], WITH_TIMEOUT(&self->to, em_ticks(100),
                                            JOIN(&self->join, late_value(&self->x, 3, 4), late_value(&self->y, 1, 5))));
        results[2] = self->x.out + self->y.out;
        AWAIT_INTO(results[1], WITH_DEADLINE(&self->to, em_instant_add(em_now(), em_ticks(5)),
                                             SELECT(&self->sel, watch(self->a), late_value(&self->x, 99, 0))));
    }
}

static void combinators_nest_and_name_their_winner(void)
{
    probe a, b;
    test_begin();
    probe_init(&a, 'a');
    probe_init(&b, 'b');
    spawn_and_run(selecter(&a, &b));
    CHECK_TRACE("a b");
    probe_fire(&b);
    em_executor_poll(&test_executor);
    CHECK_TRACE("a b! ~a b-won");
    for (unsigned i = 0; i < 6; i++) {
        em_executor_poll(&test_executor);
    }
    CHECK(results[0] == 1 && results[1] == EM_OK && results[2] == 9);
    unsigned dropped = late_dropped;
    test_pass(5);
    CHECK(results[1] == EM_ERR_TIMEOUT);
    CHECK(late_dropped == dropped + 1); /* with the select that it is an arm of */
}

TASK(waiter, ARGS((probe *, p)))
{
    ASYNC {
        AWAIT(watch(self->p));
        em_trace("woken");
    }
}

static void spurious_polls_do_not_go_on(void)
{
    probe p;
    test_begin();
    probe_init(&p, 'p');
    spawn_and_run(waiter(&p));
    for (unsigned i = 0; i < 3; i++) {
        em_wake((em_waker){&waiter__pool[0].task});
        test_run();
    }
    CHECK_TRACE("p p p p");
    probe_fire(&p);
    test_run();
    CHECK_TRACE("p! woken");
}

int main(void)
{
    static const em_test tests[] = {
        TEST(destination_and_future_are_evaluated_once),
        TEST(try_leaves_with_a_negative_result_and_through_finally),
        TEST(finally_runs_once_on_every_way_out),
        TEST(finally_does_not_run_if_the_body_never_started),
        TEST(cancelling_at_a_yield_drops_nothing_but_runs_finally),
        TEST(a_body_without_try_ends_at_its_end_by_return_and_by_break),
        TEST(combinators_nest_and_name_their_winner),
        TEST(spurious_polls_do_not_go_on),
    };
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks and async functions in the task language: pools, nesting, cancellation, FINALLY, join, fairness,
 * memory. No clock and no fake port: the same source runs on the host and on a machine.
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

/* -- pools -------------------------------------------------------------------------------------- */

TASK(pooled, POOL(3), ARGS((unsigned, number)), VARS(em_signal_wait_future wait; unsigned was_zero))
{
    ASYNC {
        em_trace_number(self->was_zero == 0 ? "start" : "dirty", self->number);
        self->was_zero = 1;
        AWAIT(em_signal_wait(&self->wait, &gate));
        em_trace_number("end", self->number);
    }
}

static void a_pool_of_three_takes_three_and_a_slot_can_be_used_again(void)
{
    begin();
    CHECK(em_spawn(here(), pooled(0)) == EM_OK);
    CHECK(em_spawn(here(), pooled(1)) == EM_OK);
    CHECK(em_spawn(here(), pooled(2)) == EM_OK);
    CHECK(em_spawn(here(), pooled(3)) == EM_ERR_BUSY);
    run();
    CHECK(em_spawn(here(), pooled(3)) == EM_ERR_BUSY);
    em_signal_set(&gate);
    run();
    CHECK_TRACE("start0 start1 start2 end0");
    CHECK(em_spawn(here(), pooled(4)) == EM_OK);
    CHECK(em_spawn(here(), pooled(5)) == EM_ERR_BUSY);
    for (unsigned i = 0; i < 3; i++) {
        run();
        em_signal_set(&gate);
    }
    run();
    CHECK_TRACE("start4 end1 end2 end4");
}

static void every_slot_of_a_pool_is_found_again_in_any_order(void)
{
    em_task_handle handle[3];
    uint64_t random = 1;
    begin();
    for (unsigned i = 0; i < 3; i++) {
        CHECK(em_spawn_handle(here(), pooled(i), &handle[i]) == EM_OK);
    }
    for (unsigned round = 0; round < 1000; round++) {
        unsigned i = em_test_random(&random) % 3;
        run();
        em_task_cancel(handle[i]);
        run();
        CHECK(em_task_ended(handle[i]));
        CHECK(em_spawn_handle(here(), pooled(i), &handle[i]) == EM_OK);
        CHECK(em_spawn(here(), pooled(9)) == EM_ERR_BUSY);
        em_trace_clear();
    }
    for (unsigned i = 0; i < 3; i++) {
        em_task_cancel(handle[i]);
    }
    run();
    em_trace_clear();
}

TASK(again, POOL(2), ARGS((unsigned, left)))
{
    ASYNC {
        em_trace_number("again", self->left);
        if (self->left) {
            em_must_spawn(em_spawner_current(), again(self->left - 1));
        }
    }
}

static void a_task_spawns_its_own_type_through_the_current_executor(void)
{
    em_must_spawn(here(), again(3));
    run();
    CHECK_TRACE("again3 again2 again1 again0");
}

TASK(knows_itself, VARS(em_yield y))
{
    ASYNC {
        em_trace(em_task_type_of(em_running_task())->ops.name);
        AWAIT(em_yield_now(&self->y));
        em_trace(em_spawner_current().executor == &e ? "here" : "elsewhere");
    }
}

static void a_task_knows_its_name_and_its_executor(void)
{
    em_must_spawn(here(), knows_itself());
    run();
    CHECK_TRACE("knows_itself here");
    CHECK(em_running_task() == NULL);
}

/* -- nesting ------------------------------------------------------------------------------------ */

ASYNC_FN(unsigned, level5, ARGS((unsigned, n)))
{
    ASYNC {
        YIELD();
        RETURN(self->n * 10 + 5);
    }
}

#define LEVEL(name, child, digit)                                              \
    ASYNC_FN(unsigned, name, ARGS((unsigned, n)), VARS(struct child child))    \
    {                                                                          \
        ASYNC {                                                                \
            YIELD();                                                           \
            AWAIT_INTO(self->n, child(&self->child, self->n * 10 + (digit)));  \
            YIELD();                                                           \
            RETURN(self->n);                                                   \
        }                                                                      \
    }
LEVEL(level4, level5, 4)
LEVEL(level3, level4, 3)
LEVEL(level2, level3, 2)
LEVEL(level1, level2, 1)

/* A frame is its head, its result, its argument, and its child's frame: nothing else, and no heap. */
#define OWN (sizeof(em_frame) + 2 * sizeof(unsigned))
_Static_assert(sizeof(struct level5) == OWN && sizeof(struct level4) == 2 * OWN, "frames add up");
_Static_assert(sizeof(struct level1) == 5 * OWN, "frames of five levels add up");

TASK(nested, VARS(struct level1 first; unsigned result))
{
    ASYNC {
        AWAIT_INTO(self->result, level1(&self->first, 0));
        em_trace_number("result", self->result);
    }
}
_Static_assert(sizeof(struct nested) == sizeof(em_frame) + 5 * OWN + 8, "the task's frame holds them all");

static void five_levels_of_async_functions_return_their_values(void)
{
    em_must_spawn(here(), nested());
    unsigned polls = 0;
    for (; !em_executor_is_idle(&e); polls++) {
        em_executor_poll(&e);
    }
    CHECK_TRACE("result12345");
    CHECK(polls == 10); /* nine yields */
}

ASYNC_FN(int, fails, ARGS((int, code)))
{
    ASYNC {
        YIELD();
        RETURN(self->code);
    }
}

ASYNC_FN(int, tries, VARS(struct fails f))
{
    ASYNC {
        AWAIT_TRY(fails(&self->f, 3));
        em_trace("first");
        AWAIT_TRY(fails(&self->f, EM_ERR_IO));
        em_trace("second");
        RETURN(0);
    }
}

TASK(trier, VARS(struct tries t; int err))
{
    ASYNC {
        AWAIT_INTO(self->err, tries(&self->t));
        em_trace(em_error_name(self->err));
    }
}

static void await_try_leaves_with_the_error(void)
{
    em_must_spawn(here(), trier());
    run();
    CHECK_TRACE("first EM_ERR_IO");
}

/* -- cancellation ------------------------------------------------------------------------------- */

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
    TEST(a_pool_of_three_takes_three_and_a_slot_can_be_used_again),
    TEST(every_slot_of_a_pool_is_found_again_in_any_order),
    TEST(a_task_spawns_its_own_type_through_the_current_executor),
    TEST(a_task_knows_its_name_and_its_executor),
    TEST(five_levels_of_async_functions_return_their_values),
    TEST(await_try_leaves_with_the_error),
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

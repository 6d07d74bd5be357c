/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks and async functions in the task language: pools and nesting. No clock and no fake port: the same
 * source runs on the host and on a machine.
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
    em_task_handle untouched = {.generation = 77};
    CHECK(em_spawn_handle(here(), pooled(3), &untouched) == EM_ERR_BUSY && untouched.generation == 77);
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

static void a_slot_of_a_pool_is_claimed_by_the_call_and_spawned_by_the_spawn(void)
{
    begin();
    em_spawn_token token = pooled(0);
    em_task *t = (em_task *)token.word;
    CHECK(t->state == EM_TASK_CLAIMED_);
    em_must_spawn(here(), token);
    run();
    CHECK(t->state == (EM_TASK_CLAIMED_ | EM_TASK_SPAWNED_));
    em_signal_set(&gate);
    run();
    CHECK(t->state == 0);
    CHECK_TRACE("start0 end0");
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

static const em_test tests[] = {
    TEST(a_pool_of_three_takes_three_and_a_slot_can_be_used_again),
    TEST(a_slot_of_a_pool_is_claimed_by_the_call_and_spawned_by_the_spawn),
    TEST(every_slot_of_a_pool_is_found_again_in_any_order),
    TEST(a_task_spawns_its_own_type_through_the_current_executor),
    TEST(a_task_knows_its_name_and_its_executor),
    TEST(five_levels_of_async_functions_return_their_values),
    TEST(await_try_leaves_with_the_error),
};

int main(void)
{
    RUN_TESTS(tests);
}

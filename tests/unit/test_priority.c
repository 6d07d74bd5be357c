/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Priorities by exact trace: who goes first, changes while queued, running and waiting, turns for the low, stale
 * wakes and strangers in the queue. Random sequences: test_priority_model.c.
 */
#include "fake_port.h"
#include "runner.h"

#include <em/priority.h>
#include <string.h>

enum { TASKS = 6 };

static em_executor first, second;
static em_raw_task slots[TASKS];
static em_task_type types[TASKS];
static em_task_handle handles[TASKS];
static unsigned again[TASKS];       /* how often it wakes itself */
static void (*during[TASKS])(void); /* called in its next poll */

static unsigned number_of(em_future *f)
{
    return (unsigned)((em_raw_task *)(void *)((em_task *)(void *)f - 1) - slots);
}

static em_poll member_poll(em_future *f, em_context *cx)
{
    unsigned i = number_of(f);
    void (*act)(void) = during[i];
    em_trace_number("t", i);
    during[i] = NULL;
    if (act) {
        act();
    }
    if (again[i] > 0) {
        again[i]--;
        em_wake(em_context_waker(cx));
    }
    return EM_PENDING;
}

static void member_drop(em_future *f)
{
    em_trace_number("drop", number_of(f));
}

static void spawn(unsigned i, uint8_t priority, em_executor *e)
{
    types[i] = (em_task_type){.ops = {member_poll, member_drop, "member"}, .slots = &slots[i].task, .count = 1,
                              .slot_bytes = sizeof(em_task) + sizeof(em_future), .priority = priority};
    em_task *t = em_task_claim_(&types[i], &slots[i].task, 1);
    em_task_root(t)->ops = &types[i].ops;
    if (em_spawn_handle((em_spawner){e}, em_token_of_slot_(t), &handles[i]) != EM_OK) {
        em_test_fail("spawned", __FILE__, __LINE__);
    }
}

static void wake(unsigned i)
{
    em_wake((em_waker){&slots[i].task});
}

static void run(em_executor *e)
{
    while (!em_executor_is_idle(e)) {
        em_executor_poll(e);
    }
}

static void end_all(void)
{
    for (unsigned i = 0; i < TASKS; i++) {
        again[i] = 0;
        em_task_cancel(handles[i]);
    }
    fake_port_traces_pends = 0;
    run(&first);
    run(&second);
    em_trace_clear();
}

/* Tasks 0, 1, … of these priorities wait, and the next EM_PRIORITY_TURN - 1 picks are by priority. */
static void begin(const uint8_t *priorities)
{
    end_all();
    for (unsigned i = 0; i < TASKS; i++) {
        spawn(i, priorities[i], &first);
    }
    run(&first);
    memset(em_turns_, 0, sizeof em_turns_);
    em_trace_clear();
}

static void wake_all(void)
{
    for (unsigned i = 0; i < TASKS; i++) {
        wake(i);
    }
}

/* -- tests --------------------------------------------------------------------------------------------- */

static void the_highest_goes_first_and_equals_take_turns(void)
{
    begin((uint8_t[]){0, 7, 3, 7, 0, 3});
    wake_all();
    run(&first);
    CHECK_TRACE("t1 t3 t2 t5 t0 t4");
    CHECK(em_task_priority(handles[2]) == 3);
}

static void without_priorities_the_order_is_that_of_readiness(void)
{
    begin((uint8_t[]){0, 0, 0, 0, 0, 0});
    again[1] = 1;
    wake_all();
    run(&first);
    CHECK_TRACE("t0 t1 t2 t3 t4 t5 t1");
}

static void wake_high(void)
{
    wake(5);
}

static void who_becomes_ready_meanwhile_is_next_if_it_is_higher(void)
{
    begin((uint8_t[]){2, 2, 2, 2, 2, 5});
    during[1] = wake_high;
    for (unsigned i = 0; i < 4; i++) {
        wake(i);
    }
    run(&first);
    CHECK_TRACE("t0 t1 t5 t2 t3");
}

/* embassy #4666: the order that a change breaks there */
static void a_change_while_queued_keeps_the_order(void)
{
    begin((uint8_t[]){1, 2, 3, 4, 5, 6});
    wake_all();
    em_task_set_priority(handles[5], 0);
    em_task_set_priority(handles[0], 7);
    run(&first);
    CHECK_TRACE("t0 t4 t3 t2 t1 t5");
}

static void raise_and_lower(void)
{
    em_task_set_priority(handles[1], 7);
    em_task_set_priority(handles[3], 0);
    em_task_set_priority(handles[2], 4);
}

static void a_change_of_those_in_line_keeps_the_order(void)
{
    begin((uint8_t[]){7, 1, 3, 4, 4, 0});
    during[0] = raise_and_lower;
    wake_all();
    run(&first);
    CHECK_TRACE("t0 t1 t4 t2 t5 t3"); /* who comes to a line stands behind those who are there */
}

static void lower_and_raise(void)
{
    em_task_set_priority(handles[1], 0);
    em_task_set_priority(handles[1], 4);
}

static void a_change_that_is_taken_back_changes_nothing(void)
{
    begin((uint8_t[]){7, 4, 4, 4, 4, 4});
    during[0] = lower_and_raise;
    wake_all();
    run(&first);
    CHECK_TRACE("t0 t1 t2 t3 t4 t5");
}

static void a_change_while_waiting_does_not_make_it_ready(void)
{
    begin((uint8_t[]){0, 1, 2, 3, 4, 5});
    em_task_set_priority(handles[0], 7);
    CHECK(em_executor_is_idle(&first));
    run(&first);
    CHECK_TRACE("");
    wake(5);
    wake(0);
    run(&first);
    CHECK_TRACE("t0 t5");
}

static void lower_myself(void)
{
    em_set_priority(1);
}

static void a_running_task_changes_its_own(void)
{
    begin((uint8_t[]){6, 5, 2, 2, 2, 2});
    again[0] = 1;
    during[0] = lower_myself;
    wake_all();
    run(&first);
    CHECK_TRACE("t0 t1 t2 t3 t4 t5 t0");
    CHECK(em_task_priority(handles[0]) == 1);
}

static void the_next_life_has_the_priority_of_its_type(void)
{
    begin((uint8_t[]){3, 3, 3, 3, 3, 3});
    em_task_handle old = handles[0];
    em_task_set_priority(old, 7);
    em_task_cancel(old);
    run(&first);
    CHECK(em_task_priority(old) == EM_ERR_INVAL);
    em_task_set_priority(old, 7); /* nothing happens */
    spawn(0, 1, &first);
    em_task_set_priority(old, 7);
    CHECK(em_task_priority(handles[0]) == 1);
    CHECK(em_task_priority((em_task_handle){0}) == EM_ERR_INVAL);
}

static void the_lowest_is_polled_within_the_bound(void)
{
    begin((uint8_t[]){7, 7, 5, 4, 3, 0});
    for (unsigned i = 0; i < 5; i++) {
        again[i] = 2 * EM_PRIORITY_BOUND;
    }
    again[5] = 3;
    wake_all();
    unsigned since[TASKS] = {0};
    for (unsigned polls = 0; polls < 4 * EM_PRIORITY_BOUND && again[5] > 0; polls++) {
        unsigned before[TASKS];
        for (unsigned i = 0; i < TASKS; i++) {
            before[i] = again[i];
        }
        em_trace_clear();
        em_executor_poll(&first);
        for (unsigned i = 0; i < TASKS; i++) {
            since[i] = again[i] != before[i] ? 0 : since[i] + TASKS; /* a call makes that many polls */
            CHECK(i < 2 || since[i] <= EM_PRIORITY_BOUND + TASKS);
        }
    }
    CHECK(again[5] == 0); /* it came three times */
    unsigned of_highest = 4 * EM_PRIORITY_BOUND - again[0] - again[1];
    CHECK(of_highest > 4 * (2 * EM_PRIORITY_BOUND - again[2])); /* and yet */
    end_all();
}

static void a_poll_is_as_long_as_what_was_ready(void)
{
    begin((uint8_t[]){7, 0, 1, 0, 0, 0});
    again[0] = 5;
    fake_port_traces_pends = 1;
    wake(0);
    wake(1);
    wake(2);
    CHECK_TRACE("pend");
    em_executor_poll(&first);
    CHECK_TRACE("t0 pend t0 pend t0 pend pend"); /* the last: it leaves some for the next call */
    CHECK(!em_executor_is_idle(&first));
    fake_port_traces_pends = 0;
    run(&first);
    CHECK_TRACE("t0 t0 t0 t2 t1");
}

static void what_is_left_goes_before_what_has_come(void)
{
    begin((uint8_t[]){7, 1, 1, 1, 1, 1});
    again[0] = 2;
    during[0] = wake_high;
    wake(0);
    wake(1);
    wake(2);
    em_executor_poll(&first);
    wake(3);
    run(&first);
    CHECK_TRACE("t0 t0 t0 t1 t2 t5 t3");
}

static void a_cancelled_one_is_dropped_when_it_is_its_turn(void)
{
    begin((uint8_t[]){0, 1, 2, 3, 4, 5});
    wake_all();
    em_task_cancel(handles[2]);
    run(&first);
    CHECK_TRACE("t5 t4 t3 drop2 t1 t0");
}

/* A stale wake has the slot in the queue of first when it is spawned on second. */
static void a_stranger_in_the_queue_is_passed_on(void)
{
    begin((uint8_t[]){0, 0, 0, 0, 0, 0});
    em_task_cancel(handles[1]);
    run(&first);
    em_trace_clear();
    wake(1);
    spawn(1, 4, &second);
    CHECK(em_executor_is_idle(&second));
    em_executor_poll(&first);
    CHECK_TRACE("");
    em_executor_poll(&second);
    CHECK_TRACE("t1");
    em_task_cancel(handles[1]);
    run(&second);
    em_trace_clear();
    wake(1); /* and one that nobody spawns */
    em_executor_poll(&second);
    CHECK_TRACE("");
    CHECK(slots[1].task.state == 0);
}

static void broken_contracts_panic(void)
{
    begin((uint8_t[]){0, 0, 0, 0, 0, 0});
    CHECK(PANICS(em_set_priority(1)));
    CHECK(PANICS(em_task_set_priority(handles[0], 8)));
}

static const em_test tests[] = {
    TEST(the_highest_goes_first_and_equals_take_turns),
    TEST(without_priorities_the_order_is_that_of_readiness),
    TEST(who_becomes_ready_meanwhile_is_next_if_it_is_higher),
    TEST(a_change_while_queued_keeps_the_order),
    TEST(a_change_of_those_in_line_keeps_the_order),
    TEST(a_change_that_is_taken_back_changes_nothing),
    TEST(a_change_while_waiting_does_not_make_it_ready),
    TEST(a_running_task_changes_its_own),
    TEST(the_next_life_has_the_priority_of_its_type),
    TEST(the_lowest_is_polled_within_the_bound),
    TEST(a_poll_is_as_long_as_what_was_ready),
    TEST(what_is_left_goes_before_what_has_come),
    TEST(a_cancelled_one_is_dropped_when_it_is_its_turn),
    TEST(a_stranger_in_the_queue_is_passed_on),
    TEST(broken_contracts_panic),
};

int main(void)
{
    RUN_TESTS(tests);
}

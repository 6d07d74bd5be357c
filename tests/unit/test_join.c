/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The end of a task, seen from outside: waiting for it, by several, by another task, in vain; and its slot after it. */
#include "runner.h"


static unsigned polls;
static bool ends;

static em_poll worker_poll(em_future *f, em_context *cx)
{
    (void)f;
    polls++;
    if (ends) {
        em_wake(em_context_waker(cx)); /* in its last poll: it is queued when it ends */
    }
    return ends ? EM_READY : EM_PENDING;
}
RAW_TASK_TYPE(worker, worker_poll, NULL)

static runner r[3];
static em_task_join join[3];

static em_task_handle spawn_worker(void)
{
    em_task_handle handle = {0};
    test_begin();
    polls = 0;
    ends = false;
    if (em_spawn_handle((em_spawner){&test_executor}, worker(), &handle) != EM_OK) {
        em_test_fail("the worker lives", __FILE__, __LINE__);
    }
    test_run();
    return handle;
}

static void finish_worker(void)
{
    ends = true;
    em_wake((em_waker){&worker_slot.task});
    test_run();
}

static void a_wake_in_the_last_poll_stays_in_the_queue_and_does_not_poll(void)
{
    spawn_worker();
    ends = true;
    em_wake((em_waker){&worker_slot.task});
    em_executor_poll(&test_executor);
    CHECK(worker_slot.task.state == EM_TASK_QUEUED_);
    test_run();
    CHECK(worker_slot.task.state == 0 && polls == 2);
}

static void a_slot_that_ended_queued_can_be_spawned_again_at_once(void)
{
    spawn_worker();
    ends = true;
    em_wake((em_waker){&worker_slot.task});
    em_executor_poll(&test_executor);
    ends = false;
    em_must_spawn((em_spawner){&test_executor}, worker());
    test_run();
    CHECK(polls == 3); /* once, though it was queued twice */
    finish_worker();
}

static void every_waiting_task_is_woken_once(void)
{
    em_task_handle handle = spawn_worker();
    for (unsigned i = 0; i < 3; i++) {
        runner_start(&r[i], NULL, &em_task_wait(&join[i], handle)->future);
    }
    test_run();
    finish_worker();
    for (unsigned i = 0; i < 3; i++) {
        CHECK(r[i].ready && r[i].polls == 2);
    }
}

static void spurious_polls_of_a_wait_are_harmless(void)
{
    em_task_handle handle = spawn_worker();
    runner_start(&r[0], NULL, &em_task_wait(&join[0], handle)->future);
    runner_start(&r[1], NULL, &em_task_wait(&join[1], handle)->future);
    for (unsigned i = 0; i < 5; i++) {
        em_wake((em_waker){&r[i % 2].task});
        test_run();
    }
    CHECK(!r[0].ready && !r[1].ready);
    finish_worker();
    CHECK(r[0].ready && r[1].ready);
}

static void the_task_that_polled_last_is_woken(void)
{
    em_task_handle handle = spawn_worker();
    runner_start_passive(&r[0], &em_task_wait(&join[0], handle)->future);
    runner_start_passive(&r[1], &join[0].future);
    CHECK(!runner_poll(&r[0]) && !runner_poll(&r[1]));
    finish_worker();
    CHECK(r[0].wakes == 0 && r[1].wakes == 1 && runner_poll(&r[1]));
}

static void a_dropped_wait_is_forgotten_wherever_it_stands(void)
{
    for (unsigned dropped = 0; dropped < 3; dropped++) {
        em_task_handle handle = spawn_worker();
        for (unsigned i = 0; i < 3; i++) {
            runner_start_passive(&r[i], &em_task_wait(&join[i], handle)->future);
            CHECK(!runner_poll(&r[i]));
        }
        runner_drop(&r[dropped]);
        finish_worker();
        for (unsigned i = 0; i < 3; i++) {
            CHECK(r[i].wakes == (i != dropped));
            CHECK(i == dropped || runner_poll(&r[i]));
        }
    }
}

static void a_wait_that_was_never_polled_can_be_dropped(void)
{
    em_task_handle handle = spawn_worker();
    runner_start_passive(&r[0], &em_task_wait(&join[0], handle)->future);
    runner_drop(&r[0]);
    finish_worker();
    CHECK(r[0].wakes == 0);
}

static void waits_for_two_tasks_are_told_apart(void)
{
    em_task_handle handle = spawn_worker();
    runner_start(&r[0], NULL, &em_task_wait(&join[0], handle)->future);
    test_run();
    finish_worker();
    CHECK(r[0].ready);
    em_task_handle next = spawn_worker(); /* the same slot, another life */
    runner_start_passive(&r[1], &em_task_wait(&join[1], next)->future);
    CHECK(!runner_poll(&r[1]));
    runner_start_passive(&r[2], &em_task_wait(&join[2], handle)->future);
    CHECK(runner_poll(&r[2])); /* that one has ended */
    em_task_cancel(handle);
    test_run();
    CHECK(r[1].wakes == 0 && !em_task_ended(next));
    finish_worker();
    CHECK(r[1].wakes == 1 && runner_poll(&r[1]));
}

static const em_test tests[] = {
    TEST(a_wake_in_the_last_poll_stays_in_the_queue_and_does_not_poll),
    TEST(a_slot_that_ended_queued_can_be_spawned_again_at_once),
    TEST(every_waiting_task_is_woken_once),
    TEST(spurious_polls_of_a_wait_are_harmless),
    TEST(the_task_that_polled_last_is_woken),
    TEST(a_dropped_wait_is_forgotten_wherever_it_stands),
    TEST(a_wait_that_was_never_polled_can_be_dropped),
    TEST(waits_for_two_tasks_are_told_apart),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The wait list and the waker cell: what the rest of sync/ is made of. */
#include "waiters.h"

#include <em/wait_list.h>
#include <em/waker_cell.h>

static em_wait_list list;
static em_wait_node node[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    list = (em_wait_list){0};
    for (unsigned i = 0; i < WAITERS; i++) {
        em_wait_node_init(&node[i]);
        runner_start_passive(&w.runner[i], NULL);
    }
}

static em_waker waker(unsigned i)
{
    return (em_waker){&w.runner[i].task};
}

static void zeroed_is_empty_and_idle(void)
{
    em_wait_list l = {0};
    em_wait_node n = {0};
    CHECK(em_wait_list_empty(&l) && em_wait_list_notify(&l) == NULL && !em_wait_list_wake_one(&l));
    CHECK(!em_wait_node_waiting(&n) && !em_wait_node_notified(&n));
    CHECK(!em_wait_list_leave(&l, &n));
}

static void a_node_is_idle_waiting_notified_and_idle_again(void)
{
    begin();
    em_wait_list_add(&list, &node[0], waker(0));
    CHECK(em_wait_node_waiting(&node[0]) && !em_wait_node_notified(&node[0]) && !em_wait_list_empty(&list));
    CHECK(em_wait_list_notify(&list) == &node[0]);
    CHECK(!em_wait_node_waiting(&node[0]) && em_wait_node_notified(&node[0]) && em_wait_list_empty(&list));
    CHECK(em_wait_list_leave(&list, &node[0])); /* the caller passes it on */
    CHECK(!em_wait_node_waiting(&node[0]) && !em_wait_node_notified(&node[0]));
    CHECK(!em_wait_list_leave(&list, &node[0]));
}

static void notify_takes_the_longest_waiting(void)
{
    begin();
    for (unsigned i = 0; i < WAITERS; i++) {
        em_wait_list_add(&list, &node[i], waker(i));
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        CHECK(em_wait_list_wake_one(&list));
        CHECK(em_wait_node_notified(&node[i]));
        test_run();
        CHECK(w.runner[i].wakes == 1);
    }
    CHECK(!em_wait_list_wake_one(&list));
}

static void adding_again_keeps_the_place_and_takes_the_new_waker(void)
{
    begin();
    em_wait_list_add(&list, &node[0], waker(0));
    em_wait_list_add(&list, &node[1], waker(1));
    em_wait_list_add(&list, &node[0], waker(2));
    CHECK(em_wait_list_wake_one(&list) && em_wait_node_notified(&node[0]));
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[2].wakes == 1);
}

static void a_notified_node_that_is_added_waits_at_the_end(void)
{
    begin();
    em_wait_list_add(&list, &node[0], waker(0));
    em_wait_list_notify(&list);
    em_wait_list_add(&list, &node[1], waker(1));
    em_wait_list_add(&list, &node[0], waker(0));
    CHECK(em_wait_node_waiting(&node[0]));
    CHECK(em_wait_list_notify(&list) == &node[1] && em_wait_list_notify(&list) == &node[0]);
}

static void leaving_tells_waiting_from_notified(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        begin();
        for (unsigned n = 0; n < WAITERS; n++) {
            em_wait_list_add(&list, &node[n], waker(n));
        }
        CHECK(!em_wait_list_leave(&list, &node[i]));
        for (unsigned n = 0; n < WAITERS; n++) {
            CHECK(n == i || em_wait_list_notify(&list) == &node[n]);
        }
        CHECK(em_wait_list_empty(&list));
    }
}

static void waiting_and_waking_release_the_lock(void)
{
    static em_lock lock; /* without members where there is one hart */
    begin();
    em_poll poll = em_wait_list_wait(&list, &node[0], &w.runner[0].task, &lock, em_lock_acquire(&lock));
    CHECK(!poll.ready && em_irq_enabled() && em_wait_node_waiting(&node[0]));
    em_wait_list_wake_release(&list, &lock, em_lock_acquire(&lock));
    CHECK(em_irq_enabled() && em_wait_node_notified(&node[0]));
    test_run();
    CHECK(w.runner[0].wakes == 1);
    em_lock_release(&lock, em_lock_acquire(&lock)); /* it is free, or this would hang */
}

static bool random_adds_notifies_and_leaves(uint64_t *random)
{
    begin();
    for (unsigned step = 0; step < 30; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        bool waits = em_wait_node_waiting(&node[i]);
        switch (em_test_random(random) % 3) {
        case 0:
            em_wait_list_add(&list, &node[i], waker(i));
            if (!waits) {
                waiters_queue(&w, i);
                w.handed[i] = false;
            }
            break;
        case 1:
            EXPECT(em_wait_list_leave(&list, &node[i]) == w.handed[i]);
            waiters_unqueue(&w, i);
            w.handed[i] = false;
            break;
        default:
            EXPECT(em_wait_list_wake_one(&list) == (w.count > 0));
            if (w.count) {
                waiters_hand_over(&w);
            }
            break;
        }
        EXPECT(waiters_agree(&w));
        EXPECT(em_wait_list_empty(&list) == (w.count == 0));
        for (unsigned n = 0; n < WAITERS; n++) {
            EXPECT(em_wait_node_notified(&node[n]) == w.handed[n]);
        }
    }
    return true;
}

static void any_adds_notifies_and_leaves_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_adds_notifies_and_leaves));
}

/* -- waker cell --------------------------------------------------------------------------------- */

static void setting_another_waker_wakes_the_evicted_once(void)
{
    em_waker_cell cell = {0};
    begin();
    em_waker_cell_set(&cell, waker(0));
    em_waker_cell_set(&cell, waker(1));
    test_run();
    CHECK(w.runner[0].wakes == 1 && w.runner[1].wakes == 0);
    em_waker_cell_wake(&cell);
    test_run();
    CHECK(w.runner[0].wakes == 1 && w.runner[1].wakes == 1);
}

static void setting_the_same_waker_wakes_nobody(void)
{
    em_waker_cell cell = {0};
    begin();
    em_waker_cell_set(&cell, waker(0));
    em_waker_cell_set(&cell, waker(0));
    test_run();
    CHECK(w.runner[0].wakes == 0);
}

static void a_wake_after_a_set_wakes_once_and_empties_the_cell(void)
{
    em_waker_cell cell = {0};
    begin();
    em_waker_cell_set(&cell, waker(0));
    em_waker_cell_wake(&cell);
    test_run();
    em_waker_cell_wake(&cell);
    test_run();
    CHECK(w.runner[0].wakes == 1 && cell.task == NULL);
}

static void waking_an_empty_cell_does_nothing(void)
{
    em_waker_cell cell = {0};
    begin();
    em_waker_cell_wake(&cell);
    CHECK(em_executor_is_idle(&test_executor));
}

static void a_cleared_cell_wakes_nobody(void)
{
    em_waker_cell cell = {0};
    begin();
    em_waker_cell_set(&cell, waker(0));
    em_waker_cell_clear(&cell);
    em_waker_cell_wake(&cell);
    test_run();
    CHECK(w.runner[0].wakes == 0);
}

static const em_test tests[] = {
    TEST(zeroed_is_empty_and_idle),
    TEST(a_node_is_idle_waiting_notified_and_idle_again),
    TEST(notify_takes_the_longest_waiting),
    TEST(adding_again_keeps_the_place_and_takes_the_new_waker),
    TEST(a_notified_node_that_is_added_waits_at_the_end),
    TEST(leaving_tells_waiting_from_notified),
    TEST(waiting_and_waking_release_the_lock),
    TEST(any_adds_notifies_and_leaves_agree_with_the_model),
    TEST(setting_another_waker_wakes_the_evicted_once),
    TEST(setting_the_same_waker_wakes_nobody),
    TEST(a_wake_after_a_set_wakes_once_and_empties_the_cell),
    TEST(waking_an_empty_cell_does_nothing),
    TEST(a_cleared_cell_wakes_nobody),
};

int main(void)
{
    RUN_TESTS(tests);
}

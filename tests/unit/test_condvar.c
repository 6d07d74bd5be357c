/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The condition variable: no gap, order, whose the mutex is, cancellation at every point. */
#include "fake_port.h"
#include "waiters.h"

#include <em/condvar.h>

static em_condvar cv;
static em_mutex mutex;
static em_mutex_lock_future lock[WAITERS];
static em_condvar_wait_future wait[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    mutex = (em_mutex){0};
    cv = (em_condvar){0};
}

static em_future *wait_of(unsigned i)
{
    return &em_condvar_wait(&wait[i], &cv, &mutex)->future;
}

/* Lock the free mutex and wait with it. */
static bool park(unsigned i)
{
    if (em_mutex_try_lock(&mutex) != EM_OK) {
        return false;
    }
    waiters_start(&w, i, wait_of(i));
    return !runner_poll(&w.runner[i]) && !em_mutex_is_locked(&mutex);
}

static void waiting_unlocks_and_being_notified_locks_again(void)
{
    begin();
    CHECK(park(0));
    test_run();
    CHECK(w.runner[0].wakes == 0 && !runner_poll(&w.runner[0]) && !em_mutex_is_locked(&mutex));
    em_condvar_notify_one(&cv);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && em_mutex_is_locked(&mutex));
    em_mutex_unlock(&mutex);
}

static void a_notified_wait_queues_for_the_mutex(void)
{
    begin();
    CHECK(park(0) && em_mutex_try_lock(&mutex) == EM_OK);
    waiters_start(&w, 1, &em_mutex_lock(&lock[1], &mutex)->future);
    CHECK(!runner_poll(&w.runner[1]));
    em_condvar_notify_one(&cv);
    CHECK(!runner_poll(&w.runner[0]) && !runner_poll(&w.runner[0]));
    em_mutex_unlock(&mutex);
    CHECK(!runner_poll(&w.runner[0]) && runner_poll(&w.runner[1]));
    em_mutex_unlock(&mutex);
    CHECK(runner_poll(&w.runner[0]) && em_mutex_is_locked(&mutex));
    em_mutex_unlock(&mutex);
}

static void a_notification_with_nobody_there_is_forgotten(void)
{
    begin();
    em_condvar_notify_one(&cv);
    em_condvar_notify_all(&cv);
    CHECK(park(0));
    test_run();
    CHECK(w.runner[0].wakes == 0 && !runner_poll(&w.runner[0]));
    runner_drop(&w.runner[0]);
}

/* The notifier comes as soon as the mutex is free: it must find the wait. */
static void there_is_no_gap_between_unlocking_and_waiting(void)
{
    static runner r[2];
    begin();
    CHECK(em_mutex_try_lock(&mutex) == EM_OK);
    runner_start(&r[0], "waited", wait_of(0));
    runner_start(&r[1], "locked", &em_mutex_lock(&lock[1], &mutex)->future);
    test_run();
    CHECK_TRACE("locked");
    em_condvar_notify_one(&cv);
    em_mutex_unlock(&mutex);
    test_run();
    CHECK_TRACE("waited");
    em_mutex_unlock(&mutex);
}

static void notify_one_wakes_in_order_of_waiting(void)
{
    static runner r[3];
    static const char *const names[] = {"a", "b", "c"};
    begin();
    for (unsigned i = 0; i < 3; i++) {
        CHECK(em_mutex_try_lock(&mutex) == EM_OK);
        runner_start(&r[i], names[i], wait_of(i));
        test_run();
    }
    em_condvar_notify_one(&cv);
    test_run();
    CHECK_TRACE("a");
    em_condvar_notify_one(&cv);
    em_condvar_notify_one(&cv);
    test_run();
    CHECK_TRACE(""); /* a has the mutex */
    em_mutex_unlock(&mutex);
    test_run();
    CHECK_TRACE("b");
    em_mutex_unlock(&mutex);
    test_run();
    CHECK_TRACE("c");
    em_mutex_unlock(&mutex);
    CHECK(!em_mutex_is_locked(&mutex) && r[0].polls == 2 && r[1].polls == 3 && r[2].polls == 3);
}

static void notify_all_wakes_all_that_wait_in_order(void)
{
    static runner r[4];
    static const char *const names[] = {"a", "b", "c", "late"};
    begin();
    for (unsigned i = 0; i < 3; i++) {
        CHECK(em_mutex_try_lock(&mutex) == EM_OK);
        runner_start(&r[i], names[i], wait_of(i));
        test_run();
    }
    em_condvar_notify_all(&cv);
    CHECK(em_mutex_try_lock(&mutex) == EM_OK);
    runner_start(&r[3], names[3], wait_of(3));
    for (unsigned i = 0; i < 3; i++) {
        test_run();
        em_mutex_unlock(&mutex);
    }
    test_run();
    CHECK_TRACE("a b c");
    CHECK(!em_mutex_is_locked(&mutex) && !r[3].ready && r[3].wakes == 1);
    em_condvar_notify_all(&cv);
    test_run();
    CHECK_TRACE("late");
    em_mutex_unlock(&mutex);
}

static void a_wait_dropped_before_its_first_poll_unlocks(void)
{
    begin();
    CHECK(park(1) && em_mutex_try_lock(&mutex) == EM_OK);
    waiters_start(&w, 0, wait_of(0));
    CHECK(em_mutex_is_locked(&mutex));
    runner_drop(&w.runner[0]);
    CHECK(!em_mutex_is_locked(&mutex));
    test_run();
    CHECK(w.runner[1].wakes == 0 && !runner_poll(&w.runner[1]));
    runner_drop(&w.runner[1]);
}

static void a_wait_dropped_while_it_waits_is_forgotten(void)
{
    begin();
    CHECK(park(0) && park(1));
    runner_drop(&w.runner[0]);
    em_condvar_notify_one(&cv);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 1 && runner_poll(&w.runner[1]));
    em_mutex_unlock(&mutex);
}

static void a_wait_dropped_after_notify_one_passes_it_on(void)
{
    begin();
    CHECK(park(0) && park(1) && park(2));
    em_condvar_notify_one(&cv);
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[1].wakes == 1 && w.runner[2].wakes == 0 && !em_mutex_is_locked(&mutex));
    CHECK(runner_poll(&w.runner[1]) && !runner_poll(&w.runner[2]));
    em_mutex_unlock(&mutex);
    runner_drop(&w.runner[2]);
}

static void a_wait_dropped_while_it_locks_passes_both_on(void)
{
    for (unsigned handed = 0; handed < 2; handed++) {
        begin();
        CHECK(park(0) && park(1) && em_mutex_try_lock(&mutex) == EM_OK);
        em_condvar_notify_one(&cv);
        CHECK(!runner_poll(&w.runner[0]));
        if (handed) {
            em_mutex_unlock(&mutex); /* to 0 */
        }
        runner_drop(&w.runner[0]);
        test_run();
        CHECK(w.runner[1].wakes == 1 && em_mutex_is_locked(&mutex) == !handed);
        CHECK(runner_poll(&w.runner[1]) == handed);
        em_mutex_unlock(&mutex);
        CHECK(handed || runner_poll(&w.runner[1]));
        CHECK(em_mutex_is_locked(&mutex) == !handed);
    }
}

static void a_wait_dropped_after_notify_all_passes_nothing_on(void)
{
    begin();
    CHECK(park(0));
    em_condvar_notify_all(&cv);
    CHECK(park(1));
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[1].wakes == 0 && !runner_poll(&w.runner[1]));
    runner_drop(&w.runner[1]);
}

static void waiting_without_the_mutex_panics(void)
{
    begin();
    waiters_start(&w, 0, wait_of(0));
    CHECK(PANICS(runner_poll(&w.runner[0])));
}

/* -- the model: two queues, the mutex's in w and the condition's here ---------------------------- */

enum { IDLE, LOCKING, HOLDING, GIVEN, PARKED, NOTIFIED, RELOCKING };

static unsigned state[WAITERS];
static bool chosen[WAITERS];
static unsigned parked[WAITERS];
static unsigned parked_count;
static bool locked;

static void model_unlock(void)
{
    if (w.count) {
        waiters_hand_over(&w);
    } else {
        locked = false;
    }
}

static unsigned model_unpark(unsigned place)
{
    unsigned i = parked[place];
    parked_count--;
    for (unsigned n = place; n < parked_count; n++) {
        parked[n] = parked[n + 1];
    }
    return i;
}

static void model_notify(bool one)
{
    while (parked_count) {
        unsigned i = model_unpark(0);
        state[i] = NOTIFIED;
        chosen[i] = one;
        w.wakes[i]++;
        if (one) {
            return;
        }
    }
}

/* A poll that locks: is it ready? */
static bool step_lock(unsigned i, bool fresh, unsigned when_pending)
{
    bool expected = fresh ? !locked : w.handed[i];
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        locked = true;
        w.handed[i] = false;
        state[i] = HOLDING;
    } else if (fresh) {
        waiters_queue(&w, i);
        state[i] = when_pending;
    }
    return true;
}

static bool step_poll(unsigned i, bool unlock)
{
    switch (state[i]) {
    case IDLE:
        waiters_start(&w, i, &em_mutex_lock(&lock[i], &mutex)->future);
        return step_lock(i, true, LOCKING);
    case HOLDING:
        if (unlock) {
            em_mutex_unlock(&mutex);
            model_unlock();
            state[i] = IDLE;
        } else {
            waiters_start(&w, i, wait_of(i));
            state[i] = GIVEN;
        }
        return true;
    case GIVEN:
        EXPECT(!runner_poll(&w.runner[i]));
        state[i] = PARKED;
        parked[parked_count++] = i;
        model_unlock();
        return true;
    case PARKED:
        EXPECT(!runner_poll(&w.runner[i]));
        return true;
    default:
        return step_lock(i, state[i] == NOTIFIED, RELOCKING);
    }
}

static void step_cancel(unsigned i)
{
    unsigned was = state[i];
    runner_drop(&w.runner[i]);
    state[i] = IDLE;
    if (was == GIVEN) {
        model_unlock();
    } else if (was == PARKED) {
        unsigned place = 0;
        while (parked[place] != i) {
            place++;
        }
        model_unpark(place);
    } else {
        waiters_unqueue(&w, i);
        if (w.handed[i]) {
            w.handed[i] = false;
            model_unlock();
        }
        if (was != LOCKING && chosen[i]) {
            model_notify(true);
        }
    }
}

static bool random_waits_notifications_and_cancels(uint64_t *random)
{
    begin();
    parked_count = 0;
    locked = false;
    for (unsigned i = 0; i < WAITERS; i++) {
        state[i] = IDLE;
    }
    for (unsigned step = 0; step < 60; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        bool flip = em_test_random(random) % 3 == 0;
        switch (em_test_random(random) % 10) {
        case 0:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 1:
            if (flip) {
                em_condvar_notify_all(&cv);
            } else {
                em_condvar_notify_one(&cv);
            }
            model_notify(!flip);
            break;
        default:
            EXPECT(step_poll(i, flip));
            break;
        }
        EXPECT(waiters_agree(&w) && em_mutex_is_locked(&mutex) == locked);
    }
    return true;
}

static void any_waits_notifications_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_waits_notifications_and_cancels));
}

static const em_test tests[] = {
    TEST(waiting_unlocks_and_being_notified_locks_again),
    TEST(a_notified_wait_queues_for_the_mutex),
    TEST(a_notification_with_nobody_there_is_forgotten),
    TEST(there_is_no_gap_between_unlocking_and_waiting),
    TEST(notify_one_wakes_in_order_of_waiting),
    TEST(notify_all_wakes_all_that_wait_in_order),
    TEST(a_wait_dropped_before_its_first_poll_unlocks),
    TEST(a_wait_dropped_while_it_waits_is_forgotten),
    TEST(a_wait_dropped_after_notify_one_passes_it_on),
    TEST(a_wait_dropped_while_it_locks_passes_both_on),
    TEST(a_wait_dropped_after_notify_all_passes_nothing_on),
    TEST(waiting_without_the_mutex_panics),
    TEST(any_waits_notifications_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

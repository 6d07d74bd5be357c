/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The mutex: order, hand-over, no churn, cancellation at every point. */
#include "fake_port.h"
#include "waiters.h"

#include <em/mutex.h>

typedef struct pair {
    int first;
    int second;
} pair;

EM_MUTEX_TYPE(shared_pair, pair);

static em_mutex mutex;
static em_mutex_lock_future lock[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    mutex = (em_mutex){0};
}

/* Start a lock and poll it once. */
static bool ask(unsigned i)
{
    waiters_start(&w, i, &em_mutex_lock(&lock[i], &mutex)->future);
    return runner_poll(&w.runner[i]);
}

static void a_zeroed_mutex_is_free(void)
{
    begin();
    CHECK(!em_mutex_is_locked(&mutex));
    CHECK(em_mutex_try_lock(&mutex) == EM_OK && em_mutex_is_locked(&mutex));
    CHECK(em_mutex_try_lock(&mutex) == EM_ERR_AGAIN);
    em_mutex_unlock(&mutex);
    CHECK(!em_mutex_is_locked(&mutex));
}

static void locking_a_free_mutex_is_ready_at_once(void)
{
    begin();
    CHECK(ask(0) && em_mutex_is_locked(&mutex));
    CHECK(em_mutex_try_lock(&mutex) == EM_ERR_AGAIN);
    em_mutex_unlock(&mutex);
    CHECK(ask(1));
}

static void unlocking_hands_it_to_the_longest_waiting(void)
{
    begin();
    CHECK(ask(0) && !ask(1) && !ask(2));
    em_mutex_unlock(&mutex);
    test_run();
    CHECK(w.runner[1].wakes == 1 && w.runner[2].wakes == 0);
    CHECK(em_mutex_is_locked(&mutex));
    CHECK(em_mutex_try_lock(&mutex) == EM_ERR_AGAIN && !ask(3)); /* nobody overtakes it */
    CHECK(!runner_poll(&w.runner[2]) && runner_poll(&w.runner[1]));
    em_mutex_unlock(&mutex);
    CHECK(runner_poll(&w.runner[2]));
    em_mutex_unlock(&mutex);
    CHECK(runner_poll(&w.runner[3]));
    em_mutex_unlock(&mutex);
    CHECK(!em_mutex_is_locked(&mutex));
}

/* Upstream polls both waiters in every round, for ever. */
static void waiters_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin();
    CHECK(em_mutex_try_lock(&mutex) == EM_OK);
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &em_mutex_lock(&lock[i], &mutex)->future);
    }
    for (unsigned round = 0; round < 1000; round++) {
        em_executor_poll(&test_executor);
    }
    CHECK(em_executor_is_idle(&test_executor));
    em_mutex_unlock(&mutex);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    em_mutex_unlock(&mutex);
    test_run();
    CHECK(r[1].ready && r[1].polls == 2);
    em_mutex_unlock(&mutex);
}

/* Upstream #1204: those that wait wake each other for ever, and the owner, whose executor comes later, never runs. */
static void waiters_above_the_owner_let_it_run(void)
{
    static em_executor above;
    static runner waiting[2];
    begin();
    CHECK(ask(0));
    for (unsigned i = 0; i < 2; i++) {
        waiting[i].task.executor = &above;
        runner_start(&waiting[i], NULL, &em_mutex_lock(&lock[i + 1], &mutex)->future);
    }
    for (unsigned batch = 0; !em_executor_is_idle(&above); batch++) {
        CHECK(batch < 2);
        em_executor_poll(&above);
    }
    em_mutex_unlock(&mutex); /* the owner's turn */
    em_executor_poll(&above);
    CHECK(waiting[0].ready && !waiting[1].ready && em_executor_is_idle(&above));
    em_mutex_unlock(&mutex);
    em_executor_poll(&above);
    CHECK(waiting[1].ready);
    em_mutex_unlock(&mutex);
}

/* Upstream's mapped_guard_releases_lock_when_dropped: a pointer to a part lives as long as the lock. */
static void a_typed_mutex_gives_its_value(void)
{
    static shared_pair shared = {.value = {1, 2}};
    static shared_pair_lock_future typed[2];
    pair *out = NULL;
    begin();
    waiters_start(&w, 0, &shared_pair_lock(&typed[0], &shared)->future);
    CHECK(runner_poll(&w.runner[0]) && typed[0].out == &shared.value && shared_pair_is_locked(&shared));
    int *second = &typed[0].out->second;
    CHECK(*second == 2 && shared_pair_try_lock(&shared, &out) == EM_ERR_AGAIN && out == NULL);
    waiters_start(&w, 1, &shared_pair_lock(&typed[1], &shared)->future);
    CHECK(!runner_poll(&w.runner[1]));
    *second = 42;
    shared_pair_unlock(typed[0].out);
    CHECK(shared_pair_try_lock(&shared, &out) == EM_ERR_AGAIN && runner_poll(&w.runner[1]));
    CHECK(typed[1].out->second == 42);
    shared_pair_unlock(typed[1].out);
    CHECK(!shared_pair_is_locked(&shared) && shared_pair_try_lock(&shared, &out) == EM_OK && out->first == 1);
    waiters_start(&w, 1, &shared_pair_lock(&typed[1], &shared)->future);
    CHECK(!runner_poll(&w.runner[1]));
    shared_pair_unlock(out);
    runner_drop(&w.runner[1]); /* it had been handed over */
    CHECK(!shared_pair_is_locked(&shared) && PANICS(shared_pair_unlock(out)));
}

static void a_cancelled_wait_is_forgotten(void)
{
    begin();
    CHECK(ask(0) && !ask(1) && !ask(2));
    runner_drop(&w.runner[1]);
    em_mutex_unlock(&mutex);
    test_run();
    CHECK(w.runner[1].wakes == 0 && w.runner[2].wakes == 1 && runner_poll(&w.runner[2]));
    em_mutex_unlock(&mutex);
}

static void a_wait_cancelled_after_the_hand_over_passes_it_on(void)
{
    begin();
    CHECK(ask(0) && !ask(1) && !ask(2));
    em_mutex_unlock(&mutex);
    runner_drop(&w.runner[1]);
    test_run();
    CHECK(w.runner[2].wakes == 1 && runner_poll(&w.runner[2]));
    em_mutex_unlock(&mutex);
    CHECK(ask(0) && !ask(1));
    em_mutex_unlock(&mutex);
    runner_drop(&w.runner[1]); /* nobody else: it is free */
    CHECK(!em_mutex_is_locked(&mutex));
}

static void a_lock_dropped_before_its_first_poll_changes_nothing(void)
{
    begin();
    waiters_start(&w, 0, &em_mutex_lock(&lock[0], &mutex)->future);
    runner_drop(&w.runner[0]);
    CHECK(!em_mutex_is_locked(&mutex));
}

static void unlocking_a_free_mutex_panics(void)
{
    begin();
    CHECK(PANICS(em_mutex_unlock(&mutex)));
}

/* -- the model: who owns it, who waits ---------------------------------------------------------- */

#define NOBODY WAITERS
#define SOMEBODY (WAITERS + 1) /* by try_lock */
static unsigned owner;

static void model_pass_on(void)
{
    owner = w.count ? waiters_hand_over(&w) : NOBODY;
}

static bool step_poll(unsigned i)
{
    bool fresh = !waiters_pending(&w, i);
    if (fresh) {
        waiters_start(&w, i, &em_mutex_lock(&lock[i], &mutex)->future);
    }
    bool expected = fresh ? owner == NOBODY : w.handed[i];
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        owner = i;
        w.handed[i] = false;
    } else if (fresh) {
        waiters_queue(&w, i);
    }
    return true;
}

static void step_cancel(unsigned i)
{
    runner_drop(&w.runner[i]);
    waiters_unqueue(&w, i);
    if (w.handed[i]) {
        w.handed[i] = false;
        model_pass_on();
    }
}

static bool random_locks_unlocks_and_cancels(uint64_t *random)
{
    begin();
    owner = NOBODY;
    for (unsigned step = 0; step < 30; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        switch (em_test_random(random) % 5) {
        case 0:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 1:
            if (owner != NOBODY && !(owner < WAITERS && w.handed[owner])) {
                em_mutex_unlock(&mutex);
                model_pass_on();
            }
            break;
        case 2:
            EXPECT(em_mutex_try_lock(&mutex) == (owner == NOBODY ? EM_OK : EM_ERR_AGAIN));
            owner = owner == NOBODY ? SOMEBODY : owner;
            break;
        default:
            EXPECT(step_poll(i));
            break;
        }
        EXPECT(waiters_agree(&w) && em_mutex_is_locked(&mutex) == (owner != NOBODY));
    }
    return true;
}

static void any_locks_unlocks_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_locks_unlocks_and_cancels));
}

static const em_test tests[] = {
    TEST(a_zeroed_mutex_is_free),
    TEST(locking_a_free_mutex_is_ready_at_once),
    TEST(unlocking_hands_it_to_the_longest_waiting),
    TEST(waiters_are_polled_at_most_twice),
    TEST(waiters_above_the_owner_let_it_run),
    TEST(a_typed_mutex_gives_its_value),
    TEST(a_cancelled_wait_is_forgotten),
    TEST(a_wait_cancelled_after_the_hand_over_passes_it_on),
    TEST(a_lock_dropped_before_its_first_poll_changes_nothing),
    TEST(unlocking_a_free_mutex_panics),
    TEST(any_locks_unlocks_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

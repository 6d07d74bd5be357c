/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The greedy semaphore: few pass many, order among those that are served, cancellation at every point. */
#include "fake_port.h"
#include "waiters.h"

#include <em/greedy_semaphore.h>

static em_greedy_semaphore sem;
static em_greedy_semaphore_acquire_future acquire[WAITERS];
static waiters w;

static void begin(uint32_t permits)
{
    waiters_begin(&w);
    sem = (em_greedy_semaphore)EM_GREEDY_SEMAPHORE_INIT(permits);
}

static em_future *request(unsigned i, uint32_t n, bool all)
{
    return all ? &em_greedy_semaphore_acquire_all(&acquire[i], &sem, n)->future
               : &em_greedy_semaphore_acquire(&acquire[i], &sem, n)->future;
}

/* Start an acquire and poll it once. */
static bool ask(unsigned i, uint32_t n)
{
    waiters_start(&w, i, request(i, n, false));
    return runner_poll(&w.runner[i]);
}

/* The same for all that there are, at least so many. */
static bool ask_all(unsigned i, uint32_t min)
{
    waiters_start(&w, i, request(i, min, true));
    return runner_poll(&w.runner[i]);
}

static uint32_t left(void)
{
    return em_greedy_semaphore_permits(&sem);
}

/* Upstream's try_acquire, and its release. */
static void try_acquire_takes_and_release_gives_back(void)
{
    begin(3);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 1) == EM_OK && left() == 2);
    em_greedy_semaphore_release(&sem, 1);
    CHECK(left() == 3 && em_greedy_semaphore_try_acquire(&sem, 3) == EM_OK && left() == 0);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 1) == EM_ERR_AGAIN);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 0) == EM_OK);
    begin(3);
    em_greedy_semaphore_release(&sem, 2);
    em_greedy_semaphore_release(&sem, 0);
    CHECK(left() == 5);
}

/* Upstream's acquire. */
static void acquire_is_ready_at_once_when_there_are_enough(void)
{
    begin(3);
    CHECK(ask(0, 1) && acquire[0].out == 1 && left() == 2);
    CHECK(ask(1, 2) && acquire[1].out == 2 && left() == 0 && ask(2, 0));
    em_greedy_semaphore_release(&sem, 1);
    CHECK(left() == 1);
}

/* Upstream's disarm. */
static void permits_that_are_not_released_stay_taken(void)
{
    begin(3);
    CHECK(ask(0, 2) && acquire[0].out == 2);
    acquire[0] = (em_greedy_semaphore_acquire_future){0};
    CHECK(left() == 1 && em_greedy_semaphore_try_acquire(&sem, 2) == EM_ERR_AGAIN);
}

/* Upstream's try_acquire_all and acquire_all. */
static void all_takes_everything_if_it_is_enough(void)
{
    uint32_t taken = 77;
    begin(3);
    CHECK(em_greedy_semaphore_try_acquire_all(&sem, 4, &taken) == EM_ERR_AGAIN && taken == 77);
    CHECK(em_greedy_semaphore_try_acquire_all(&sem, 1, &taken) == EM_OK && taken == 3 && left() == 0);
    em_greedy_semaphore_release(&sem, 3);
    CHECK(ask_all(0, 1) && acquire[0].out == 3 && left() == 0 && !ask_all(0, 2));
    em_greedy_semaphore_release(&sem, 1);
    CHECK(!runner_poll(&w.runner[0]));
    em_greedy_semaphore_release(&sem, 4);
    CHECK(runner_poll(&w.runner[0]) && acquire[0].out == 5 && left() == 0);
}

/* Upstream's set. */
static void set_makes_it_so_many_and_serves_who_waits(void)
{
    begin(3);
    em_greedy_semaphore_set(&sem, 2);
    CHECK(left() == 2 && !ask(0, 4) && !ask(1, 3));
    em_greedy_semaphore_set(&sem, 3);
    CHECK(runner_poll(&w.runner[1]) && left() == 0 && !runner_poll(&w.runner[0]));
    runner_drop(&w.runner[0]);
}

/* Upstream's contested. */
static void contested_permits_are_had_after_the_release(void)
{
    begin(3);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 1) == EM_OK);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 3) == EM_ERR_AGAIN && !ask(0, 3));
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && left() == 0);
}

/* Upstream has one place for a waker, so both are polled in every round, for ever. */
static void waiters_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin(0);
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &em_greedy_semaphore_acquire(&acquire[i], &sem, 1)->future);
    }
    for (unsigned round = 0; round < 1000; round++) {
        em_executor_poll(&test_executor);
    }
    CHECK(em_executor_is_idle(&test_executor));
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK(r[1].ready && r[1].polls == 2 && left() == 0);
}

/* Upstream's greedy. */
static void few_pass_many(void)
{
    begin(3);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 1) == EM_OK && !ask(0, 3));
    CHECK(em_greedy_semaphore_try_acquire(&sem, 1) == EM_OK && ask(1, 1) && left() == 0);
    em_greedy_semaphore_release(&sem, 1);
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 0 && !runner_poll(&w.runner[0]));
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && left() == 0);
}

static void a_release_serves_in_order_whom_it_can(void)
{
    static runner r[5];
    static const char *const names[] = {"a3", "b1", "c2", "d1", "e1"};
    static const uint32_t wanted[] = {3, 1, 2, 1, 1};
    begin(0);
    for (unsigned i = 0; i < 5; i++) {
        runner_start(&r[i], names[i], request(i, wanted[i], false));
    }
    test_run();
    em_greedy_semaphore_release(&sem, 2);
    test_run();
    CHECK_TRACE("b1 d1");
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK_TRACE("e1");
    em_greedy_semaphore_release(&sem, 2);
    test_run();
    CHECK_TRACE("c2");
    em_greedy_semaphore_release(&sem, 3);
    test_run();
    CHECK_TRACE("a3");
    for (unsigned i = 0; i < 5; i++) {
        CHECK(r[i].polls == 2); /* upstream polls them in every round, for ever */
    }
}

static void what_was_set_aside_nobody_else_gets(void)
{
    begin(0);
    CHECK(!ask(0, 2));
    em_greedy_semaphore_release(&sem, 2);
    CHECK(em_greedy_semaphore_try_acquire(&sem, 1) == EM_ERR_AGAIN && !ask(1, 1));
    CHECK(runner_poll(&w.runner[0]));
    runner_drop(&w.runner[1]);
}

static void a_request_dropped_before_its_first_poll_takes_nothing(void)
{
    begin(1);
    waiters_start(&w, 0, request(0, 1, false));
    runner_drop(&w.runner[0]);
    CHECK(left() == 1);
}

static void a_wait_dropped_while_it_waits_is_forgotten(void)
{
    begin(0);
    CHECK(!ask(0, 1) && !ask(1, 1));
    runner_drop(&w.runner[0]);
    em_greedy_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 1 && runner_poll(&w.runner[1]) && left() == 0);
}

static void cancelling_after_the_grant_serves_whom_it_can(void)
{
    begin(0);
    CHECK(!ask(0, 2) && !ask(1, 3) && !ask(2, 1) && !ask(3, 1));
    em_greedy_semaphore_release(&sem, 2);
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[1].wakes == 0 && w.runner[2].wakes == 1 && w.runner[3].wakes == 1);
    CHECK(runner_poll(&w.runner[3]) && runner_poll(&w.runner[2]) && left() == 0);
    runner_drop(&w.runner[1]);
    CHECK(!ask_all(0, 1));
    em_greedy_semaphore_release(&sem, 4);
    runner_drop(&w.runner[0]); /* what was set aside, not what was asked for */
    CHECK(left() == 4);
}

static void too_many_permits_panic(void)
{
    begin(UINT32_MAX);
    CHECK(PANICS(em_greedy_semaphore_release(&sem, 1)));
}

/* -- the model: permits, and who waits for how many ---------------------------------------------- */

static uint32_t permits;
static uint32_t least[WAITERS], most[WAITERS], had[WAITERS];

static bool model_take(unsigned i)
{
    if (least[i] > permits) {
        return false;
    }
    had[i] = most[i] < permits ? most[i] : permits;
    permits -= had[i];
    return true;
}

static void model_serve(void)
{
    for (unsigned n = 0; n < w.count;) {
        unsigned i = w.queue[n];
        if (model_take(i)) {
            waiters_unqueue(&w, i);
            w.handed[i] = true;
            w.wakes[i]++;
        } else {
            n++;
        }
    }
}

static bool step_poll(unsigned i, uint32_t wanted, bool all)
{
    bool fresh = !waiters_pending(&w, i);
    bool expected = w.handed[i];
    if (fresh) {
        waiters_start(&w, i, request(i, wanted, all));
        least[i] = wanted;
        most[i] = all ? UINT32_MAX : wanted;
        expected = model_take(i);
    }
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        w.handed[i] = false;
        EXPECT(acquire[i].out == had[i]);
    } else if (fresh) {
        waiters_queue(&w, i);
    }
    return true;
}

static void step_cancel(unsigned i)
{
    runner_drop(&w.runner[i]);
    waiters_unqueue(&w, i);
    permits += w.handed[i] ? had[i] : 0;
    w.handed[i] = false;
    model_serve();
}

static bool step_try(uint32_t n, bool all)
{
    uint32_t taken = n;
    bool granted = n <= permits;
    int error = all ? em_greedy_semaphore_try_acquire_all(&sem, n, &taken) : em_greedy_semaphore_try_acquire(&sem, n);
    EXPECT(error == (granted ? EM_OK : EM_ERR_AGAIN) && taken == (granted && all ? permits : n));
    permits -= granted ? taken : 0;
    return true;
}

static void step_add(uint32_t n, bool set)
{
    if (set) {
        em_greedy_semaphore_set(&sem, n);
        permits = n;
    } else {
        em_greedy_semaphore_release(&sem, n);
        permits += n;
    }
    model_serve();
}

static bool random_acquires_releases_and_cancels(uint64_t *random)
{
    permits = em_test_random(random) % 4;
    begin(permits);
    for (unsigned step = 0; step < 40; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        uint32_t n = em_test_random(random) % 5;
        bool rare = em_test_random(random) % 4 == 0;
        switch (em_test_random(random) % 7) {
        case 0:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 1:
            step_add(n, rare);
            break;
        case 2:
            EXPECT(step_try(n, rare));
            break;
        default:
            EXPECT(step_poll(i, n, rare));
            break;
        }
        EXPECT(waiters_agree(&w) && left() == permits);
    }
    return true;
}

static void any_acquires_releases_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_acquires_releases_and_cancels));
}

static const em_test tests[] = {
    TEST(try_acquire_takes_and_release_gives_back),
    TEST(acquire_is_ready_at_once_when_there_are_enough),
    TEST(permits_that_are_not_released_stay_taken),
    TEST(all_takes_everything_if_it_is_enough),
    TEST(set_makes_it_so_many_and_serves_who_waits),
    TEST(contested_permits_are_had_after_the_release),
    TEST(waiters_are_polled_at_most_twice),
    TEST(few_pass_many),
    TEST(a_release_serves_in_order_whom_it_can),
    TEST(what_was_set_aside_nobody_else_gets),
    TEST(a_request_dropped_before_its_first_poll_takes_nothing),
    TEST(a_wait_dropped_while_it_waits_is_forgotten),
    TEST(cancelling_after_the_grant_serves_whom_it_can),
    TEST(too_many_permits_panic),
    TEST(any_acquires_releases_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The semaphore: permits, order, cancellation. */
#include "fake_port.h"
#include "waiters.h"

#include <em/semaphore.h>

static em_semaphore sem;
static em_semaphore_acquire_future acquire[WAITERS];
static waiters w;

static void begin(uint32_t permits)
{
    waiters_begin(&w);
    sem = (em_semaphore)EM_SEMAPHORE_INIT(permits);
}

/* Start an acquire and poll it once. */
static bool ask(unsigned i, uint32_t n)
{
    waiters_start(&w, i, &em_semaphore_acquire(&acquire[i], &sem, n)->future);
    return runner_poll(&w.runner[i]);
}

/* The same for all that there are, at least so many. */
static bool ask_all(unsigned i, uint32_t min)
{
    waiters_start(&w, i, &em_semaphore_acquire_all(&acquire[i], &sem, min)->future);
    return runner_poll(&w.runner[i]);
}

/* Upstream's try_acquire. */
static void try_acquire_takes_and_release_gives_back(void)
{
    begin(3);
    CHECK(em_semaphore_try_acquire(&sem, 1) == EM_OK && em_semaphore_permits(&sem) == 2);
    em_semaphore_release(&sem, 1);
    CHECK(em_semaphore_permits(&sem) == 3);
    CHECK(em_semaphore_try_acquire(&sem, 3) == EM_OK && em_semaphore_permits(&sem) == 0);
    CHECK(em_semaphore_try_acquire(&sem, 1) == EM_ERR_AGAIN);
    CHECK(em_semaphore_try_acquire(&sem, 0) == EM_OK);
}

/* Upstream's acquire. */
static void acquire_is_ready_at_once_when_there_are_enough(void)
{
    begin(3);
    CHECK(ask(0, 1) && acquire[0].out == 1 && em_semaphore_permits(&sem) == 2);
    CHECK(ask(1, 2) && acquire[1].out == 2 && em_semaphore_permits(&sem) == 0);
    CHECK(ask(2, 0) && acquire[2].out == 0);
}

/* Upstream's disarm. */
static void permits_that_are_not_released_stay_taken(void)
{
    begin(3);
    CHECK(ask(0, 2) && acquire[0].out == 2);
    acquire[0] = (em_semaphore_acquire_future){0};
    CHECK(em_semaphore_permits(&sem) == 1 && em_semaphore_try_acquire(&sem, 2) == EM_ERR_AGAIN);
}

/* Upstream's try_acquire_all. */
static void try_acquire_all_takes_everything_if_it_is_enough(void)
{
    uint32_t taken = 77;
    begin(3);
    CHECK(em_semaphore_try_acquire_all(&sem, 4, &taken) == EM_ERR_AGAIN && taken == 77);
    CHECK(em_semaphore_try_acquire_all(&sem, 1, &taken) == EM_OK && taken == 3 && em_semaphore_permits(&sem) == 0);
    CHECK(em_semaphore_try_acquire_all(&sem, 1, &taken) == EM_ERR_AGAIN && taken == 3);
    CHECK(em_semaphore_try_acquire_all(&sem, 0, &taken) == EM_OK && taken == 0);
    em_semaphore_release(&sem, 2);
    CHECK(!ask(0, 3) && em_semaphore_try_acquire_all(&sem, 0, &taken) == EM_ERR_AGAIN);
    runner_drop(&w.runner[0]);
}

/* Upstream's acquire_all. */
static void acquire_all_takes_what_there_is_when_its_turn_comes(void)
{
    begin(3);
    CHECK(ask_all(0, 1) && acquire[0].out == 3 && em_semaphore_permits(&sem) == 0);
    CHECK(!ask_all(0, 2) && !ask_all(1, 0));
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 0);
    em_semaphore_release(&sem, 4);
    CHECK(runner_poll(&w.runner[0]) && acquire[0].out == 5 && runner_poll(&w.runner[1]) && acquire[1].out == 0);
    CHECK(em_semaphore_permits(&sem) == 0);
    CHECK(!ask_all(0, 1));
    em_semaphore_release(&sem, 6);
    runner_drop(&w.runner[0]); /* what was set aside, not what was asked for */
    CHECK(em_semaphore_permits(&sem) == 6);
}

/* Upstream's set. */
static void set_makes_it_so_many_and_serves_who_waits(void)
{
    begin(3);
    em_semaphore_set(&sem, 2);
    CHECK(em_semaphore_permits(&sem) == 2 && !ask(0, 3) && !ask(1, 1));
    em_semaphore_set(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 0);
    em_semaphore_set(&sem, 5);
    CHECK(em_semaphore_permits(&sem) == 1 && runner_poll(&w.runner[0]) && runner_poll(&w.runner[1]));
}

/* Upstream's release. */
static void releasing_more_than_was_acquired_adds_permits(void)
{
    begin(3);
    em_semaphore_release(&sem, 2);
    CHECK(em_semaphore_permits(&sem) == 5);
    CHECK(em_semaphore_try_acquire(&sem, 5) == EM_OK);
    em_semaphore_release(&sem, 0);
    CHECK(em_semaphore_permits(&sem) == 0);
}

/* Upstream's contested. */
static void contested_permits_are_had_after_the_release(void)
{
    begin(3);
    CHECK(em_semaphore_try_acquire(&sem, 1) == EM_OK);
    CHECK(em_semaphore_try_acquire(&sem, 3) == EM_ERR_AGAIN && !ask(0, 3));
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && em_semaphore_permits(&sem) == 0);
}

/* Upstream's fairness, but for the limit of two that wait. */
static void a_big_request_is_not_overtaken_by_small_ones(void)
{
    begin(2);
    CHECK(!ask(0, 3) && !ask(1, 1));
    CHECK(em_semaphore_try_acquire(&sem, 1) == EM_ERR_AGAIN);
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK(w.runner[0].wakes == 1 && w.runner[1].wakes == 0);
    CHECK(!runner_poll(&w.runner[1]) && runner_poll(&w.runner[0]));
    em_semaphore_release(&sem, 2);
    test_run();
    CHECK(w.runner[1].wakes == 1 && runner_poll(&w.runner[1]) && em_semaphore_permits(&sem) == 1);
}

static void one_release_serves_as_many_as_it_can_in_order(void)
{
    begin(0);
    CHECK(!ask(0, 1) && !ask(1, 2) && !ask(2, 3) && !ask(3, 1));
    em_semaphore_release(&sem, 5);
    test_run();
    CHECK(w.runner[0].wakes == 1 && w.runner[1].wakes == 1 && w.runner[2].wakes == 0 && w.runner[3].wakes == 0);
    CHECK(em_semaphore_permits(&sem) == 2); /* kept for the third, who wants 3 */
    CHECK(runner_poll(&w.runner[1]) && runner_poll(&w.runner[0]));
    em_semaphore_release(&sem, 2);
    CHECK(runner_poll(&w.runner[2]) && runner_poll(&w.runner[3]) && em_semaphore_permits(&sem) == 0);
}

/* Upstream loses this wake (#6964). */
static void cancelling_the_head_serves_the_next(void)
{
    begin(2);
    CHECK(!ask(0, 3) && !ask(1, 1) && !ask(2, 1));
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 1 && w.runner[2].wakes == 1);
    CHECK(runner_poll(&w.runner[2]) && runner_poll(&w.runner[1]) && em_semaphore_permits(&sem) == 0);
}

static void cancelling_after_the_grant_gives_the_permits_to_the_next(void)
{
    begin(0);
    CHECK(!ask(0, 2) && !ask(1, 2));
    em_semaphore_release(&sem, 2);
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[1].wakes == 1 && runner_poll(&w.runner[1]));
    CHECK(!ask(0, 2));
    em_semaphore_release(&sem, 3);
    runner_drop(&w.runner[0]);
    CHECK(em_semaphore_permits(&sem) == 3);
}

/* Upstream's wakers. */
static void who_waits_is_woken_in_order(void)
{
    static runner r[4];
    static const char *const names[] = {"a", "b", "c", "d"};
    begin(0);
    for (unsigned i = 0; i < 4; i++) {
        runner_start(&r[i], names[i], &em_semaphore_acquire(&acquire[i], &sem, i == 1 ? 2 : 1)->future);
    }
    test_run();
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK_TRACE("a");
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK_TRACE("");
    em_semaphore_release(&sem, 3);
    test_run();
    CHECK_TRACE("b c d");
    CHECK(em_semaphore_permits(&sem) == 0);
}

static void waiters_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin(0);
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &em_semaphore_acquire(&acquire[i], &sem, 1)->future);
    }
    test_run();
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    em_semaphore_release(&sem, 1);
    test_run();
    CHECK(r[1].ready && r[1].polls == 2);
}

static void too_many_permits_panic(void)
{
    begin(UINT32_MAX);
    CHECK(PANICS(em_semaphore_release(&sem, 1)));
}

/* -- the model: permits, and who waits for how many ---------------------------------------------- */

static uint32_t permits;
static uint32_t least[WAITERS], most[WAITERS], had[WAITERS];

static bool model_grant(unsigned i)
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
    while (w.count && model_grant(w.queue[0])) {
        waiters_hand_over(&w);
    }
}

static bool step_poll(unsigned i, uint32_t wanted, bool all)
{
    bool fresh = !waiters_pending(&w, i);
    bool expected = w.handed[i];
    if (fresh) {
        waiters_start(&w, i, all ? &em_semaphore_acquire_all(&acquire[i], &sem, wanted)->future
                                 : &em_semaphore_acquire(&acquire[i], &sem, wanted)->future);
        least[i] = wanted;
        most[i] = all ? UINT32_MAX : wanted;
        expected = (w.count == 0 || most[i] == 0) && model_grant(i);
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
    bool granted = w.count == 0 && n <= permits;
    int error = all ? em_semaphore_try_acquire_all(&sem, n, &taken) : em_semaphore_try_acquire(&sem, n);
    EXPECT(error == (granted ? EM_OK : EM_ERR_AGAIN) && taken == (granted && all ? permits : n));
    permits -= granted ? taken : 0;
    return true;
}

static bool random_acquires_releases_and_cancels(uint64_t *random)
{
    permits = em_test_random(random) % 4;
    begin(permits);
    for (unsigned step = 0; step < 30; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        uint32_t n = em_test_random(random) % 4;
        bool all = em_test_random(random) % 4 == 0;
        switch (em_test_random(random) % 7) {
        case 0:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 1:
            em_semaphore_release(&sem, n);
            permits += n;
            model_serve();
            break;
        case 2:
            EXPECT(step_try(n, all));
            break;
        case 3:
            if (all) {
                em_semaphore_set(&sem, n);
                permits = n;
                model_serve();
            }
            break;
        default:
            EXPECT(step_poll(i, n, all));
            break;
        }
        EXPECT(waiters_agree(&w) && em_semaphore_permits(&sem) == permits);
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
    TEST(try_acquire_all_takes_everything_if_it_is_enough),
    TEST(acquire_all_takes_what_there_is_when_its_turn_comes),
    TEST(set_makes_it_so_many_and_serves_who_waits),
    TEST(releasing_more_than_was_acquired_adds_permits),
    TEST(contested_permits_are_had_after_the_release),
    TEST(a_big_request_is_not_overtaken_by_small_ones),
    TEST(one_release_serves_as_many_as_it_can_in_order),
    TEST(cancelling_the_head_serves_the_next),
    TEST(cancelling_after_the_grant_gives_the_permits_to_the_next),
    TEST(who_waits_is_woken_in_order),
    TEST(waiters_are_polled_at_most_twice),
    TEST(too_many_permits_panic),
    TEST(any_acquires_releases_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

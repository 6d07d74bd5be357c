/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The barrier: rounds, leaders, order, cancellation at every point. */
#include "fake_port.h"
#include "waiters.h"

#include <em/barrier.h>

static em_barrier barrier;
static em_barrier_wait_future wait[WAITERS];
static waiters w;

static void begin(uint32_t parties)
{
    waiters_begin(&w);
    barrier = (em_barrier)EM_BARRIER_INIT(parties);
}

/* Start a wait and poll it once. */
static bool come(unsigned i)
{
    waiters_start(&w, i, &em_barrier_wait(&wait[i], &barrier)->future);
    return runner_poll(&w.runner[i]);
}

static void the_last_lets_all_go_on(void)
{
    begin(3);
    CHECK(em_barrier_parties(&barrier) == 3 && !come(0) && !come(1) && em_barrier_arrived(&barrier) == 2);
    test_run();
    CHECK(w.runner[0].wakes == 0 && !runner_poll(&w.runner[0]) && !runner_poll(&w.runner[0]));
    CHECK(em_barrier_arrived(&barrier) == 2 && em_barrier_generation(&barrier) == 0); /* once polled is once come */
    CHECK(come(2));
    test_run();
    CHECK(w.runner[0].wakes == 1 && w.runner[1].wakes == 1);
    CHECK(em_barrier_arrived(&barrier) == 0 && em_barrier_generation(&barrier) == 1);
    CHECK(runner_poll(&w.runner[1]) && runner_poll(&w.runner[0]));
    CHECK(wait[0].out == 2 && wait[1].out == 1 && wait[2].out == 0);
}

static void a_barrier_of_one_never_waits(void)
{
    begin(1);
    CHECK(come(0) && come(0) && wait[0].out == 0 && em_barrier_generation(&barrier) == 2);
}

static void who_comes_early_waits_for_its_own_round(void)
{
    begin(2);
    CHECK(!come(0) && come(1) && !come(1) && em_barrier_arrived(&barrier) == 1);
    CHECK(runner_poll(&w.runner[0]) && !runner_poll(&w.runner[1])); /* round one; round two */
    CHECK(come(0) && runner_poll(&w.runner[1]) && em_barrier_generation(&barrier) == 2);
}

static void they_go_on_in_the_order_in_which_they_came(void)
{
    static runner r[4];
    static const char *const names[] = {"a", "b", "c", "d"};
    begin(4);
    for (unsigned i = 0; i < 4; i++) {
        runner_start(&r[i], names[i], &em_barrier_wait(&wait[i], &barrier)->future);
    }
    test_run();
    CHECK_TRACE("d a b c");
    CHECK(r[0].polls == 2 && r[1].polls == 2 && r[2].polls == 2 && r[3].polls == 1);
}

static void each_round_has_one_leader(void)
{
    static runner r[3];
    begin(3);
    for (unsigned round = 0; round < 100; round++) {
        for (unsigned n = 0; n < 3; n++) {
            unsigned i = (n + round) % 3;
            runner_start(&r[i], NULL, &em_barrier_wait(&wait[i], &barrier)->future);
        }
        test_run();
        for (unsigned n = 0; n < 3; n++) {
            unsigned i = (n + round) % 3;
            CHECK(r[i].ready && wait[i].out == 2 - n);
        }
    }
    CHECK(em_barrier_generation(&barrier) == 100);
}

static void a_wait_dropped_before_its_first_poll_has_not_come(void)
{
    begin(2);
    waiters_start(&w, 0, &em_barrier_wait(&wait[0], &barrier)->future);
    runner_drop(&w.runner[0]);
    CHECK(em_barrier_arrived(&barrier) == 0 && !come(1) && come(0));
    CHECK(runner_poll(&w.runner[1]));
}

static void a_wait_dropped_before_the_last_came_has_not_come(void)
{
    begin(3);
    CHECK(!come(0) && !come(1));
    runner_drop(&w.runner[0]);
    CHECK(em_barrier_arrived(&barrier) == 1 && !come(2) && come(3));
    test_run();
    CHECK(w.runner[0].wakes == 0 && runner_poll(&w.runner[1]) && runner_poll(&w.runner[2]));
}

static void a_wait_dropped_after_the_last_came_has_come(void)
{
    begin(3);
    CHECK(!come(0) && !come(1) && come(2));
    runner_drop(&w.runner[0]);
    CHECK(em_barrier_arrived(&barrier) == 0 && runner_poll(&w.runner[1]));
    CHECK(!come(0) && !come(1) && em_barrier_arrived(&barrier) == 2 && come(2));
    CHECK(runner_poll(&w.runner[0]) && runner_poll(&w.runner[1]));
}

static void a_barrier_without_parties_panics(void)
{
    begin(0);
    CHECK(PANICS(come(0)));
}

/* -- the model: who has come in this round -------------------------------------------------------- */

static uint32_t rounds;
static uint32_t out[WAITERS];

static bool step_poll(unsigned i, uint32_t parties)
{
    bool fresh = !waiters_pending(&w, i);
    bool expected = w.handed[i];
    if (fresh) {
        waiters_start(&w, i, &em_barrier_wait(&wait[i], &barrier)->future);
        waiters_queue(&w, i);
        out[i] = parties - w.count;
        expected = out[i] == 0;
    }
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (fresh && expected) {
        rounds++;
        waiters_unqueue(&w, i);
        while (w.count) {
            waiters_hand_over(&w);
        }
    }
    if (expected) {
        w.handed[i] = false;
        EXPECT(wait[i].out == out[i]);
    }
    return true;
}

static bool random_rounds_and_cancels(uint64_t *random)
{
    uint32_t parties = 1 + em_test_random(random) % 4;
    begin(parties);
    rounds = 0;
    for (unsigned step = 0; step < 40; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        if (em_test_random(random) % 5 != 0) {
            EXPECT(step_poll(i, parties));
        } else if (waiters_pending(&w, i)) {
            runner_drop(&w.runner[i]);
            waiters_unqueue(&w, i);
            w.handed[i] = false;
        }
        EXPECT(waiters_agree(&w) && em_barrier_arrived(&barrier) == w.count);
        EXPECT(em_barrier_generation(&barrier) == rounds);
    }
    return true;
}

static void any_rounds_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_rounds_and_cancels));
}

static const em_test tests[] = {
    TEST(the_last_lets_all_go_on),
    TEST(a_barrier_of_one_never_waits),
    TEST(who_comes_early_waits_for_its_own_round),
    TEST(they_go_on_in_the_order_in_which_they_came),
    TEST(each_round_has_one_leader),
    TEST(a_wait_dropped_before_its_first_poll_has_not_come),
    TEST(a_wait_dropped_before_the_last_came_has_not_come),
    TEST(a_wait_dropped_after_the_last_came_has_come),
    TEST(a_barrier_without_parties_panics),
    TEST(any_rounds_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

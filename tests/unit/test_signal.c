/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The signal, with and without a value: each set is taken once, the latest value, by the longest waiting. */
#include "waiters.h"

#include <em/signal.h>

EM_SIGNAL_TYPE(reading, int32_t);

static em_signal signal;
static em_signal_wait_future wait[WAITERS];
static reading value;
static reading_wait_future value_wait[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    signal = (em_signal){0};
    value = (reading){0};
}

/* Start a wait and poll it once. */
static bool ask(unsigned i)
{
    waiters_start(&w, i, &em_signal_wait(&wait[i], &signal)->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_value(unsigned i)
{
    waiters_start(&w, i, &reading_wait(&value_wait[i], &value)->future);
    return runner_poll(&w.runner[i]);
}

static void a_zeroed_signal_is_not_set(void)
{
    begin();
    CHECK(!em_signal_is_set(&signal) && em_signal_try_wait(&signal) == EM_ERR_AGAIN && !ask(0));
    runner_drop(&w.runner[0]);
}

static void a_set_signal_is_taken_once(void)
{
    begin();
    em_signal_set(&signal);
    CHECK(em_signal_is_set(&signal) && ask(0) && !em_signal_is_set(&signal));
    CHECK(!ask(1) && em_signal_try_wait(&signal) == EM_ERR_AGAIN);
    runner_drop(&w.runner[1]);
    em_signal_set(&signal);
    CHECK(em_signal_try_wait(&signal) == EM_OK && !em_signal_is_set(&signal));
    CHECK(em_signal_try_wait(&signal) == EM_ERR_AGAIN && !ask(1));
    em_signal_set(&signal);
    test_run();
    CHECK(w.runner[1].wakes == 1 && runner_poll(&w.runner[1]) && !em_signal_is_set(&signal));
}

static void set_twice_before_it_is_taken_is_once(void)
{
    begin();
    em_signal_set(&signal);
    em_signal_set(&signal);
    CHECK(ask(0) && !ask(1) && !ask(2));
    em_signal_set(&signal); /* handed to 1, which has not taken it */
    em_signal_set(&signal);
    test_run();
    CHECK(w.runner[1].wakes == 1 && w.runner[2].wakes == 0);
    CHECK(runner_poll(&w.runner[1]) && !runner_poll(&w.runner[2]));
}

static void it_goes_to_the_longest_waiting_and_nobody_overtakes(void)
{
    begin();
    CHECK(!ask(0) && !ask(1));
    em_signal_set(&signal);
    CHECK(em_signal_try_wait(&signal) == EM_ERR_AGAIN && !ask(2) && !runner_poll(&w.runner[1]));
    CHECK(runner_poll(&w.runner[0]));
}

static void a_reset_signal_is_not_set_and_who_waits_goes_on(void)
{
    begin();
    em_signal_set(&signal);
    em_signal_reset(&signal);
    CHECK(!em_signal_is_set(&signal) && !ask(0));
    em_signal_reset(&signal);
    em_signal_set(&signal);
    CHECK(runner_poll(&w.runner[0]));
}

static void a_reset_takes_back_what_was_handed_over(void)
{
    begin();
    CHECK(!ask(0));
    em_signal_set(&signal);
    em_signal_reset(&signal);
    CHECK(!runner_poll(&w.runner[0]));
    em_signal_set(&signal);
    test_run();
    CHECK(runner_poll(&w.runner[0]) && !em_signal_is_set(&signal));
}

static void a_set_after_such_a_reset_is_taken_once(void)
{
    begin();
    CHECK(!ask(0) && !ask(1));
    em_signal_set(&signal);
    em_signal_reset(&signal);
    em_signal_set(&signal);
    CHECK(runner_poll(&w.runner[0]) != runner_poll(&w.runner[1]));
    em_signal_set(&signal);
    CHECK(runner_poll(w.runner[0].future ? &w.runner[0] : &w.runner[1]));
}

static void a_wait_cancelled_after_the_hand_over_passes_it_on(void)
{
    begin();
    CHECK(!ask(0) && !ask(1));
    em_signal_set(&signal);
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[1].wakes == 1 && runner_poll(&w.runner[1]));
    CHECK(!ask(0));
    em_signal_set(&signal);
    runner_drop(&w.runner[0]);
    CHECK(em_signal_is_set(&signal) && ask(1));
}

static void a_wait_cancelled_after_a_reset_passes_nothing_on(void)
{
    begin();
    CHECK(!ask(0));
    em_signal_set(&signal);
    em_signal_reset(&signal);
    runner_drop(&w.runner[0]);
    CHECK(!em_signal_is_set(&signal));
}

static void waiters_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin();
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &em_signal_wait(&wait[i], &signal)->future);
    }
    test_run();
    em_signal_set(&signal);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    em_signal_set(&signal);
    test_run();
    CHECK(r[1].ready && r[1].polls == 2);
}

static void the_latest_value_is_taken(void)
{
    int32_t out = 7;
    begin();
    CHECK(reading_try_wait(&value, &out) == EM_ERR_AGAIN && out == 7);
    reading_set(&value, 1);
    reading_set(&value, 2);
    CHECK(reading_is_set(&value) && ask_value(0) && value_wait[0].out == 2);
    reading_set(&value, -3);
    CHECK(reading_try_wait(&value, &out) == EM_OK && out == -3 && !reading_is_set(&value));
}

static void a_value_set_after_the_hand_over_replaces_it(void)
{
    begin();
    CHECK(!ask_value(0));
    reading_set(&value, 1);
    reading_set(&value, 2);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && value_wait[0].out == 2);
}

static void a_value_survives_the_cancel_of_who_was_given_it(void)
{
    int32_t out;
    begin();
    CHECK(!ask_value(0));
    reading_set(&value, 5);
    runner_drop(&w.runner[0]);
    CHECK(reading_try_wait(&value, &out) == EM_OK && out == 5);
    reading_set(&value, 6);
    reading_reset(&value);
    CHECK(!reading_is_set(&value) && !ask_value(1));
    runner_drop(&w.runner[1]);
}

/* -- the model: set or not, to whom it was handed, the last value --------------------------------- */

#define NOBODY WAITERS
static bool is_set;
static unsigned holder; /* to whom it was handed, or NOBODY */
static int32_t latest;

static void model_post(void)
{
    if (!is_set) {
        is_set = true;
        holder = w.count ? waiters_hand_over(&w) : NOBODY;
    }
}

static void model_take(void)
{
    is_set = false;
    if (holder != NOBODY) {
        w.handed[holder] = false;
    }
    holder = NOBODY;
}

static bool step_poll(unsigned i)
{
    bool fresh = !waiters_pending(&w, i);
    if (fresh) {
        waiters_start(&w, i, &reading_wait(&value_wait[i], &value)->future);
    }
    bool expected = is_set && (holder == i || holder == NOBODY);
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        EXPECT(value_wait[i].out == latest);
        model_take();
    } else if (fresh) {
        waiters_queue(&w, i);
    }
    return true;
}

static void step_cancel(unsigned i)
{
    runner_drop(&w.runner[i]);
    waiters_unqueue(&w, i);
    if (holder == i) {
        model_take();
        model_post();
    }
}

static bool step_try(void)
{
    int32_t out;
    bool expected = is_set && holder == NOBODY;
    EXPECT(reading_try_wait(&value, &out) == (expected ? EM_OK : EM_ERR_AGAIN));
    if (expected) {
        EXPECT(out == latest);
        model_take();
    }
    return true;
}

/* Resets only while nothing is handed over: after one, who may take the next set is not specified. */
static bool random_sets_waits_and_cancels(uint64_t *random)
{
    begin();
    is_set = false;
    holder = NOBODY;
    for (unsigned step = 0; step < 30; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        switch (em_test_random(random) % 8) {
        case 0:
        case 1:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 2:
        case 3:
            latest = (int32_t)em_test_random(random);
            reading_set(&value, latest);
            model_post();
            break;
        case 4:
            EXPECT(step_try());
            break;
        case 5:
            if (holder == NOBODY) {
                reading_reset(&value);
                is_set = false;
            }
            break;
        default:
            EXPECT(step_poll(i));
            break;
        }
        EXPECT(waiters_agree(&w) && reading_is_set(&value) == is_set);
    }
    return true;
}

static void any_sets_waits_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_sets_waits_and_cancels));
}

/* With resets at any time: whatever is set is had by exactly one, and a set is never lost while somebody waits. */
static bool random_sets_and_resets(uint64_t *random)
{
    unsigned sets = 0;
    unsigned takes = 0;
    begin();
    for (unsigned step = 0; step < 40; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        switch (em_test_random(random) % 4) {
        case 0:
            em_signal_reset(&signal);
            break;
        case 1:
            em_signal_set(&signal);
            sets++;
            break;
        case 2:
            if (waiters_pending(&w, i) && em_test_random(random) % 2) {
                runner_drop(&w.runner[i]);
            }
            break;
        default:
            takes += waiters_pending(&w, i) ? runner_poll(&w.runner[i]) : ask(i);
            break;
        }
        test_run();
        EXPECT(takes <= sets);
    }
    em_signal_set(&signal);
    test_run();
    takes = 0;
    for (unsigned i = 0; i < WAITERS; i++) {
        bool waited = waiters_pending(&w, i);
        takes += waited ? runner_poll(&w.runner[i]) : 0;
    }
    EXPECT(takes + em_signal_is_set(&signal) == 1);
    return true;
}

static void no_reset_at_any_time_loses_or_doubles_a_set(void)
{
    CHECK(test_schedules(100000, random_sets_and_resets));
}

static const em_test tests[] = {
    TEST(a_zeroed_signal_is_not_set),
    TEST(a_set_signal_is_taken_once),
    TEST(set_twice_before_it_is_taken_is_once),
    TEST(it_goes_to_the_longest_waiting_and_nobody_overtakes),
    TEST(a_reset_signal_is_not_set_and_who_waits_goes_on),
    TEST(a_reset_takes_back_what_was_handed_over),
    TEST(a_set_after_such_a_reset_is_taken_once),
    TEST(a_wait_cancelled_after_the_hand_over_passes_it_on),
    TEST(a_wait_cancelled_after_a_reset_passes_nothing_on),
    TEST(waiters_are_polled_at_most_twice),
    TEST(the_latest_value_is_taken),
    TEST(a_value_set_after_the_hand_over_replaces_it),
    TEST(a_value_survives_the_cancel_of_who_was_given_it),
    TEST(any_sets_waits_and_cancels_agree_with_the_model),
    TEST(no_reset_at_any_time_loses_or_doubles_a_set),
};

int main(void)
{
    RUN_TESTS(tests);
}

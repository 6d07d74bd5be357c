/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timer queue against a sorted reference: order, the alarm, how often it is written; two queues on a hart.
 */
#include "runner.h"

#include <em/mock_clock.h>
#include <em/timer.h>

#define MANY 1000
static runner sleepers[MANY];
static em_timer timers[MANY];
static bool waiting[MANY];

static uint64_t now(void)
{
    return em_now().ticks;
}

/* The reference: the earliest of those that wait, by looking at all. */
static uint64_t earliest(unsigned count)
{
    uint64_t min = UINT64_MAX;
    for (unsigned i = 0; i < count; i++) {
        if (waiting[i] && timers[i].at < min) {
            min = timers[i].at;
        }
    }
    return min;
}

static bool nobody_waits(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (waiting[i]) {
            return false;
        }
    }
    return true;
}

static void sleep_until(unsigned i, uint64_t at)
{
    runner_start(&sleepers[i], NULL, &em_timer_at(&timers[i], (em_instant){at})->future);
    waiting[i] = true;
    test_run();
}

static void a_thousand_timers_fire_in_the_order_of_their_deadlines(void)
{
    uint64_t random = 42;
    test_begin();
    for (unsigned i = 0; i < MANY; i++) {
        sleep_until(i, 1 + em_test_random(&random) % 100000);
        CHECK(em_mock_clock_alarm().ticks == earliest(i + 1));
    }
    test_pass(100000);
    for (unsigned i = 0; i < MANY; i++) {
        CHECK(sleepers[i].ready && sleepers[i].polls == 2);
        for (unsigned j = 0; j < i; j++) {
            bool first = sleepers[j].order < sleepers[i].order;
            CHECK(timers[j].at == timers[i].at || first == (timers[j].at < timers[i].at));
        }
    }
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX);
}

static void a_thousand_timers_fire_each_at_its_tick(void)
{
    uint64_t random = 43;
    test_begin();
    for (unsigned i = 0; i < MANY; i++) {
        sleep_until(i, 1 + em_test_random(&random) % 500);
    }
    for (uint64_t tick = 0; tick <= 500; tick++) {
        for (unsigned i = 0; i < MANY; i++) {
            waiting[i] = timers[i].at > tick;
            CHECK(sleepers[i].ready != waiting[i]);
        }
        CHECK(em_mock_clock_alarm().ticks == earliest(MANY));
        test_pass(1);
    }
}

static void equal_deadlines_all_fire(void)
{
    test_begin();
    for (unsigned i = 0; i < MANY; i++) {
        sleep_until(i, 10);
    }
    CHECK(em_mock_clock_alarms_set() == 1);
    test_pass(10);
    for (unsigned i = 0; i < MANY; i++) {
        CHECK(sleepers[i].ready);
    }
}

/* -- the model ---------------------------------------------------------------------------------- */

#define SOME 64
#define STEPS 100
static unsigned writes; /* of the alarm, as they should be */

/* What is due fires; if others remain, the driver's silenced alarm is set again. */
static void model_expire(void)
{
    if (earliest(SOME) > now()) {
        return;
    }
    for (unsigned i = 0; i < SOME; i++) {
        if (waiting[i] && timers[i].at <= now()) {
            waiting[i] = false;
        }
    }
    writes += !nobody_waits(SOME);
}

static uint64_t random_deadline(uint64_t *random)
{
    uint32_t kind = em_test_random(random) % 16;
    uint32_t n = em_test_random(random);
    if (kind == 0) {
        return UINT64_MAX;
    }
    if (kind == 1) {
        return now() - (now() ? n % now() : 0);
    }
    return now() + n % (kind < 8 ? 20 : 2000);
}

static void step_insert(unsigned i, uint64_t at)
{
    uint64_t before = earliest(SOME);
    sleep_until(i, at);
    writes += at < before;
    model_expire();
}

static void step_cancel(unsigned i)
{
    uint64_t before = earliest(SOME);
    runner_drop(&sleepers[i]);
    waiting[i] = false;
    writes += earliest(SOME) != before;
}

static bool queue_agrees(void)
{
    EXPECT(em_mock_clock_alarm().ticks == earliest(SOME));
    EXPECT(em_mock_clock_alarms_set() == writes);
    for (unsigned i = 0; i < SOME; i++) {
        EXPECT(waiting[i] == (sleepers[i].future != NULL));
        EXPECT(waiting[i] == (timers[i].link != NULL));
    }
    return true;
}

static bool random_inserts_cancels_and_advances(uint64_t *random)
{
    uint32_t eagerness = em_test_random(random) % 10;
    test_begin();
    writes = 0;
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = em_test_random(random) % SOME;
        if (em_test_random(random) % 16 > eagerness + 5) {
            test_pass(em_test_random(random) % 30);
            model_expire();
        } else if (!waiting[i]) {
            step_insert(i, random_deadline(random));
        } else if (em_test_random(random) % 2) {
            step_cancel(i);
        }
        EXPECT(queue_agrees());
    }
    for (unsigned i = 0; i < SOME; i++) {
        if (waiting[i]) {
            step_cancel(i);
            EXPECT(queue_agrees());
        }
    }
    return true;
}

static void any_inserts_cancels_and_advances_agree_with_a_sorted_list(void)
{
    for (unsigned i = 0; i < MANY; i++) {
        waiting[i] = false;
        sleepers[i].future = NULL;
        timers[i].link = NULL;
    }
    CHECK(test_schedules(2000, random_inserts_cancels_and_advances));
}

/* A heap of 7 has nodes with every number of children: cancel each, in trees that pops have reshaped. */
static bool cancel_one_of_seven(unsigned popped, unsigned cancelled)
{
    test_begin();
    for (unsigned i = 0; i < 8; i++) {
        sleep_until(i, 10 + i);
    }
    test_pass(popped ? 9 + popped : 0);
    waiting[cancelled] = false;
    if (sleepers[cancelled].future) {
        runner_drop(&sleepers[cancelled]);
    }
    unsigned last = 0;
    test_pass(100);
    for (unsigned i = 0; i < 8; i++) {
        EXPECT(sleepers[i].ready == (i != cancelled || i < popped));
        EXPECT(!sleepers[i].ready || sleepers[i].order == last + 1);
        last += sleepers[i].ready;
    }
    return true;
}

static void a_timer_can_be_cancelled_at_any_place(void)
{
    for (unsigned popped = 0; popped < 8; popped++) {
        for (unsigned i = 0; i < 8; i++) {
            CHECK(cancel_one_of_seven(popped, i));
        }
    }
}

static void the_alarm_is_not_touched_while_nobody_waits(void)
{
    runner yielding = {0};
    test_begin();
    test_run();
    runner_start_passive(&yielding, NULL);
    em_wake((em_waker){&yielding.task});
    test_pass(1000000);
    CHECK(em_mock_clock_alarms_set() == 0 && em_mock_clock_alarm().ticks == UINT64_MAX);
}

static void the_alarm_is_written_only_when_the_earliest_deadline_changes(void)
{
    test_begin();
    sleep_until(0, 100);
    CHECK(em_mock_clock_alarms_set() == 1);
    sleep_until(1, 200);
    sleep_until(2, 100);
    CHECK(em_mock_clock_alarms_set() == 1);
    sleep_until(3, 50);
    CHECK(em_mock_clock_alarms_set() == 2);
    runner_drop(&sleepers[1]);
    runner_drop(&sleepers[0]);
    CHECK(em_mock_clock_alarms_set() == 2);
    runner_drop(&sleepers[3]);
    CHECK(em_mock_clock_alarms_set() == 3 && em_mock_clock_alarm().ticks == 100);
    test_pass(100);
    CHECK(em_mock_clock_alarms_set() == 3); /* fired: nothing left to set */
}

/* -- two executors on this hart: last, for an executor stays on its hart's list ------------------------- */

static em_executor second;

static void run_both(void)
{
    while (!em_executor_is_idle(&test_executor) || !em_executor_is_idle(&second)) {
        em_executor_poll(&test_executor);
        em_executor_poll(&second);
    }
}

static void sleep_on(em_executor *e, unsigned i, uint64_t at)
{
    sleepers[i].task.executor = e;
    runner_start(&sleepers[i], NULL, &em_timer_at(&timers[i], (em_instant){at})->future);
    run_both();
}

static void an_alarm_asks_only_whom_it_is_for(void)
{
    test_begin();
    sleep_on(&test_executor, 0, 30);
    sleep_on(&second, 1, 10);
    em_mock_clock_advance(em_ticks(10));
    CHECK(em_executor_is_idle(&test_executor) && !em_executor_is_idle(&second));
    CHECK(em_mock_clock_alarm().ticks == 30); /* not lost, though nobody has polled yet */
    em_executor_poll(&second);
    em_executor_poll(&second);
    CHECK(sleepers[1].ready);
    sleep_on(&second, 1, 35);
    CHECK(em_mock_clock_alarm().ticks == 30);
    em_mock_clock_advance(em_ticks(20));
    CHECK(!em_executor_is_idle(&test_executor) && em_executor_is_idle(&second));
    CHECK(em_mock_clock_alarm().ticks == 35);
    sleep_on(&second, 2, 33); /* one that is asked, and has not looked yet, wants no alarm */
    CHECK(em_mock_clock_alarm().ticks == 33);
    em_mock_clock_advance(em_ticks(10));
    run_both();
    CHECK(sleepers[0].ready && sleepers[1].ready && sleepers[2].ready);
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX);
}

static void two_queues_share_the_alarm(void)
{
    test_begin();
    sleep_on(&test_executor, 0, 30);
    sleep_on(&second, 1, 10);
    sleep_on(&test_executor, 2, 20);
    sleep_on(&second, 3, 40);
    CHECK(em_mock_clock_alarm().ticks == 10);
    for (uint64_t tick = 1; tick <= 40; tick++) {
        em_mock_clock_advance(em_ticks(1));
        run_both();
        for (unsigned i = 0; i < 4; i++) {
            CHECK(sleepers[i].ready == (timers[i].at <= tick));
        }
        CHECK(em_mock_clock_alarm().ticks == (tick < 40 ? (tick / 10 + 1) * 10 : UINT64_MAX));
    }
}

static void a_cancel_in_one_queue_keeps_the_alarm_of_the_other(void)
{
    test_begin();
    sleep_on(&test_executor, 0, 10);
    sleep_on(&second, 1, 20);
    runner_drop(&sleepers[0]);
    CHECK(em_mock_clock_alarm().ticks == 20);
    sleep_on(&test_executor, 2, 30);
    CHECK(em_mock_clock_alarm().ticks == 20);
    runner_drop(&sleepers[1]);
    CHECK(em_mock_clock_alarm().ticks == 30);
    runner_drop(&sleepers[2]);
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX);
}

static void two_queues_due_at_the_same_tick_both_fire(void)
{
    test_begin();
    sleep_on(&test_executor, 0, 10);
    sleep_on(&second, 1, 10);
    em_mock_clock_advance(em_ticks(10));
    run_both();
    CHECK(sleepers[0].ready && sleepers[1].ready);
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX);
}

static const em_test tests[] = {
    TEST(a_thousand_timers_fire_in_the_order_of_their_deadlines),
    TEST(a_thousand_timers_fire_each_at_its_tick),
    TEST(equal_deadlines_all_fire),
    TEST(any_inserts_cancels_and_advances_agree_with_a_sorted_list),
    TEST(a_timer_can_be_cancelled_at_any_place),
    TEST(the_alarm_is_not_touched_while_nobody_waits),
    TEST(the_alarm_is_written_only_when_the_earliest_deadline_changes),
    TEST(two_queues_share_the_alarm),
    TEST(an_alarm_asks_only_whom_it_is_for),
    TEST(a_cancel_in_one_queue_keeps_the_alarm_of_the_other),
    TEST(two_queues_due_at_the_same_tick_both_fire),
};

int main(void)
{
    RUN_TESTS(tests);
}

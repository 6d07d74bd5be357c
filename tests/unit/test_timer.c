/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The timer on the mock clock: when it is ready, how often it is polled, what a drop leaves. */
#include "runner.h"

#include <em/join.h>
#include <em/mock_clock.h>
#include <em/select.h>
#include <em/timer.h>
#include <em/yield.h>

static runner a;
static runner b;
static em_timer timer;
static em_timer other;

static uint64_t now(void)
{
    return em_now().ticks;
}

static void advancing_moves_now_by_exactly_so_many_ticks(void)
{
    test_begin();
    CHECK(now() == 0);
    em_mock_clock_advance(em_secs(1));
    CHECK(now() == EM_TICK_HZ);
    em_mock_clock_advance(em_ticks(1));
    CHECK(now() == EM_TICK_HZ + 1);
    CHECK(em_instant_elapsed((em_instant){1}).ticks == EM_TICK_HZ);
}

static void a_second_has_not_passed_until_it_has(void)
{
    test_begin();
    em_instant start = em_now();
    CHECK(em_instant_before(em_now(), em_instant_add(start, em_secs(1))));
    em_mock_clock_advance(em_secs(1));
    CHECK(!em_instant_before(em_now(), em_instant_add(start, em_secs(1))));
}

static void a_timer_is_ready_at_its_tick_and_not_before(void)
{
    test_begin();
    runner_start(&a, NULL, &em_timer_after(&timer, em_ticks(100))->future);
    test_run();
    CHECK(!a.ready);
    test_pass(99);
    CHECK(!a.ready && a.polls == 1);
    test_pass(1);
    CHECK(a.ready && a.polls == 2 && now() == 100);
}

static void the_wait_begins_at_the_call_not_at_the_first_poll(void)
{
    test_begin();
    em_timer_after(&timer, em_ticks(100));
    test_pass(60);
    runner_start(&a, NULL, &timer.future);
    test_run();
    test_pass(39);
    CHECK(!a.ready);
    test_pass(1);
    CHECK(a.ready);
}

static void a_timer_in_the_past_yields_exactly_once(void)
{
    const uint64_t past[] = {0, 1, 999, 1000};
    test_begin();
    test_pass(1000);
    for (unsigned i = 0; i < 4; i++) {
        runner_start(&a, "timer", &em_timer_at(&timer, (em_instant){past[i]})->future);
        runner_start(&b, "other", &em_timer_after(&other, em_ticks(0))->future);
        em_executor_poll(&test_executor);
        CHECK(!a.ready && a.polls == 1);
        test_run();
        CHECK(a.ready && a.polls == 2 && b.polls == 2 && now() == 1000);
    }
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX);
}

static void the_end_of_time_never_comes(void)
{
    test_begin();
    runner_start(&a, NULL, &em_timer_at(&timer, EM_INSTANT_MAX)->future);
    test_run();
    test_pass(UINT64_MAX - 1);
    CHECK(!a.ready && a.polls == 1);
    CHECK(em_mock_clock_alarms_set() == 0);
    runner_drop(&a);
}

static void a_sum_past_the_end_of_time_never_comes(void)
{
    em_instant out = {7};
    test_begin();
    test_pass(1);
    CHECK(em_timer_after(&timer, EM_DURATION_MAX)->at == UINT64_MAX);
    CHECK(em_instant_checked_add(em_now(), EM_DURATION_MAX, &out) == EM_ERR_OVERFLOW && out.ticks == 7);
    runner_start(&a, NULL, &timer.future);
    test_pass(UINT64_MAX - 2);
    CHECK(!a.ready);
    runner_drop(&a);
}

/* Upstream #4736: a timer for never blocked those after it. */
static void a_normal_timer_works_after_one_that_never_comes(void)
{
    em_select2 select;
    em_yield yield;
    test_begin();
    em_future *arms[] = {&em_timer_at(&timer, EM_INSTANT_MAX)->future, &em_yield_now(&yield)->future};
    em_select_init_(&select.base, 2, arms);
    runner_start(&a, NULL, &select.future);
    test_run();
    CHECK(a.ready && select.out == 1);
    runner_start(&a, NULL, &em_timer_after(&timer, em_ticks(100))->future);
    runner_start(&b, NULL, &em_timer_at(&other, EM_INSTANT_MAX)->future);
    test_run();
    CHECK(em_mock_clock_alarm().ticks == 100);
    test_pass(100);
    CHECK(a.ready && !b.ready);
    runner_drop(&b);
}

/* Upstream #959: a later deadline of the same task replaced the earlier one. */
static void the_earliest_deadline_is_kept_across_join(void)
{
    em_join2 join;
    test_begin();
    em_future *arms[] = {&em_timer_after(&timer, em_ticks(10))->future,
                         &em_timer_after(&other, em_ticks(100))->future};
    em_join_init_(&join.base, 2, arms);
    runner_start(&a, NULL, &join.future);
    test_run();
    em_wake((em_waker){&a.task}); /* a spurious poll re-arms nothing */
    test_run();
    CHECK(em_mock_clock_alarm().ticks == 10 && em_mock_clock_alarms_set() == 1);
    test_pass(10);
    CHECK(!a.ready && em_mock_clock_alarm().ticks == 100);
    test_pass(90);
    CHECK(a.ready && em_mock_clock_alarm().ticks == UINT64_MAX);
}

static void the_earliest_deadline_is_kept_across_select(void)
{
    em_select2 select;
    test_begin();
    em_future *arms[] = {&em_timer_after(&timer, em_ticks(100))->future,
                         &em_timer_after(&other, em_ticks(10))->future};
    em_select_init_(&select.base, 2, arms);
    runner_start(&a, NULL, &select.future);
    test_run();
    CHECK(em_mock_clock_alarm().ticks == 10);
    test_pass(10);
    CHECK(a.ready && select.out == 1);
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX); /* the loser left the queue */
}

static void spurious_polls_neither_fire_nor_move_a_timer(void)
{
    test_begin();
    runner_start(&a, NULL, &em_timer_after(&timer, em_ticks(100))->future);
    for (unsigned i = 0; i < 10; i++) {
        em_wake((em_waker){&a.task});
        test_pass(9);
        CHECK(!a.ready);
    }
    CHECK(em_mock_clock_alarms_set() == 1);
    test_pass(10);
    CHECK(a.ready && a.polls == 11);
}

static void a_timer_that_fired_stays_fired_for_who_polls_it_late(void)
{
    test_begin();
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    CHECK(!runner_poll(&a));
    test_pass(10);
    CHECK(a.wakes == 1);
    test_pass(1000);
    CHECK(runner_poll(&a) && a.wakes == 1);
}

static void the_waker_of_the_last_poll_is_woken(void)
{
    test_begin();
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    runner_start_passive(&b, &timer.future);
    CHECK(!runner_poll(&a) && !runner_poll(&b));
    test_pass(10);
    CHECK(a.wakes == 0 && b.wakes == 1);
    CHECK(runner_poll(&b));
}

static void a_dropped_timer_leaves_the_queue_at_once(void)
{
    test_begin();
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    runner_start_passive(&b, &em_timer_after(&other, em_ticks(20))->future);
    CHECK(!runner_poll(&a) && !runner_poll(&b));
    runner_drop(&a);
    CHECK(em_mock_clock_alarm().ticks == 20);
    test_pass(15);
    CHECK(a.wakes == 0);
    runner_drop(&b);
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX);
    test_pass(15);
    CHECK(b.wakes == 0 && test_executor.timers.first == NULL);
}

static void a_timer_can_be_dropped_unpolled_and_fired_and_used_again(void)
{
    test_begin();
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    runner_drop(&a); /* never polled */
    CHECK(em_mock_clock_alarms_set() == 0);
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    CHECK(!runner_poll(&a));
    test_pass(10);
    runner_drop(&a); /* fired */
    CHECK(em_mock_clock_alarms_set() == 1 && em_mock_clock_alarm().ticks == UINT64_MAX);
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    CHECK(!runner_poll(&a));
    runner_drop(&a); /* waiting */
    runner_start(&a, NULL, &em_timer_after(&timer, em_ticks(10))->future);
    test_run();
    test_pass(9);
    CHECK(!a.ready);
    test_pass(1);
    CHECK(a.ready);
}

static void an_alarm_that_comes_early_or_twice_is_harmless(void)
{
    test_begin();
    runner_start(&a, NULL, &em_timer_after(&timer, em_ticks(100))->future);
    test_run();
    em_time_on_alarm();
    em_time_on_alarm();
    test_run();
    CHECK(!a.ready && em_mock_clock_alarm().ticks == 100);
    test_pass(100);
    em_time_on_alarm();
    test_run();
    CHECK(a.ready && a.polls == 2);
}

/* Between the alarm and the pop the queue's record of the alarm is stale. */
static void starting_and_dropping_between_the_alarm_and_the_pop_loses_nothing(void)
{
    test_begin();
    runner_start_passive(&a, &em_timer_after(&timer, em_ticks(10))->future);
    CHECK(!runner_poll(&a));
    em_mock_clock_advance(em_ticks(10)); /* the alarm has come, nothing is popped yet */
    runner_start_passive(&b, &em_timer_after(&other, em_ticks(5))->future);
    CHECK(!runner_poll(&b));
    runner_drop(&a);
    test_run();
    CHECK(a.wakes == 0 && b.wakes == 0 && em_mock_clock_alarm().ticks == 15);
    test_pass(5);
    CHECK(b.wakes == 1 && runner_poll(&b));
}

static void any_executor_has_timers_from_its_first_on(void)
{
    static em_executor another;
    static runner guest = {.task.executor = &another};
    test_begin();
    runner_start(&guest, NULL, &em_timer_after(&timer, em_ticks(10))->future);
    em_executor_poll(&another);
    em_mock_clock_advance(em_ticks(9));
    CHECK(em_executor_is_idle(&another));
    em_mock_clock_advance(em_ticks(1));
    CHECK(!em_executor_is_idle(&another));
    em_executor_poll(&another);
    CHECK(guest.ready);
}

static const em_test tests[] = {
    TEST(advancing_moves_now_by_exactly_so_many_ticks),
    TEST(a_second_has_not_passed_until_it_has),
    TEST(a_timer_is_ready_at_its_tick_and_not_before),
    TEST(the_wait_begins_at_the_call_not_at_the_first_poll),
    TEST(a_timer_in_the_past_yields_exactly_once),
    TEST(the_end_of_time_never_comes),
    TEST(a_sum_past_the_end_of_time_never_comes),
    TEST(a_normal_timer_works_after_one_that_never_comes),
    TEST(the_earliest_deadline_is_kept_across_join),
    TEST(the_earliest_deadline_is_kept_across_select),
    TEST(spurious_polls_neither_fire_nor_move_a_timer),
    TEST(a_timer_that_fired_stays_fired_for_who_polls_it_late),
    TEST(the_waker_of_the_last_poll_is_woken),
    TEST(a_dropped_timer_leaves_the_queue_at_once),
    TEST(a_timer_can_be_dropped_unpolled_and_fired_and_used_again),
    TEST(an_alarm_that_comes_early_or_twice_is_harmless),
    TEST(starting_and_dropping_between_the_alarm_and_the_pop_loses_nothing),
    TEST(any_executor_has_timers_from_its_first_on),
};

int main(void)
{
    RUN_TESTS(tests);
}

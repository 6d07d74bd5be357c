/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Timeouts on the mock clock: who wins, who is dropped, nesting. */
#include "runner.h"

#include <em/mock_clock.h>
#include <em/timeout.h>

static runner r;
static probe inner;
static em_timeout timeout;

static void begin(uint64_t ticks)
{
    test_begin();
    probe_init(&inner, 'a');
    runner_start(&r, "done", &em_timeout_after_(&timeout, em_ticks(ticks), &inner.future)->future);
    test_run();
}

static bool no_timer_waits(void)
{
    return em_mock_clock_alarm().ticks == UINT64_MAX && test_executor.timers.first == NULL;
}

static void a_result_in_time_is_ok_and_the_timer_leaves(void)
{
    begin(10);
    test_pass(9);
    probe_fire(&inner);
    test_run();
    CHECK_TRACE("a a! done");
    CHECK(timeout.out == EM_OK && no_timer_waits() && inner.drops == 0);
}

static void a_result_at_the_first_poll_starts_no_timer(void)
{
    test_begin();
    probe_init(&inner, 'a');
    probe_fire(&inner);
    runner_start(&r, "done", &em_timeout_after_(&timeout, em_ticks(0), &inner.future)->future);
    test_run();
    CHECK_TRACE("a! done");
    CHECK(timeout.out == EM_OK && em_mock_clock_alarms_set() == 0);
}

static void at_the_deadline_the_inner_future_is_dropped_once(void)
{
    begin(10);
    test_pass(9);
    CHECK_TRACE("a");
    test_pass(1);
    CHECK_TRACE("a ~a done");
    CHECK(timeout.out == EM_ERR_TIMEOUT && inner.drops == 1 && no_timer_waits());
    probe_fire(&inner); /* its waker is stale: one empty poll of the task */
    test_run();
    CHECK_TRACE("");
}

static void a_result_that_comes_with_the_deadline_is_a_result(void)
{
    begin(10);
    em_mock_clock_advance(em_ticks(10));
    probe_fire(&inner);
    test_run();
    CHECK_TRACE("a a! done");
    CHECK(timeout.out == EM_OK && no_timer_waits());
}

static void a_result_after_the_deadline_but_before_the_poll_is_a_result(void)
{
    begin(10);
    em_mock_clock_advance(em_ticks(1000));
    inner.fired = true;
    test_run();
    CHECK(timeout.out == EM_OK && inner.drops == 0);
}

static void a_timeout_of_zero_yields_once_then_times_out(void)
{
    begin(0);
    CHECK_TRACE("a a ~a done");
    CHECK(timeout.out == EM_ERR_TIMEOUT && r.polls == 2);
}

static void a_deadline_is_an_instant(void)
{
    test_begin();
    test_pass(100);
    probe_init(&inner, 'a');
    runner_start(&r, NULL, &em_timeout_at_(&timeout, (em_instant){110}, &inner.future)->future);
    test_run();
    CHECK(em_mock_clock_alarm().ticks == 110);
    test_pass(10);
    CHECK(r.ready && timeout.out == EM_ERR_TIMEOUT);
}

static void the_longest_timeout_never_comes(void)
{
    test_begin();
    test_pass(1);
    probe_init(&inner, 'a');
    runner_start(&r, NULL, &em_timeout_after_(&timeout, EM_DURATION_MAX, &inner.future)->future);
    test_run();
    CHECK(em_mock_clock_alarms_set() == 0);
    test_pass(UINT64_MAX - 2);
    CHECK(!r.ready);
    probe_fire(&inner);
    test_run();
    CHECK(r.ready && timeout.out == EM_OK);
}

static void dropping_a_timeout_drops_both(void)
{
    begin(10);
    runner_drop(&r);
    CHECK_TRACE("a ~a");
    CHECK(inner.drops == 1 && no_timer_waits());
}

static void a_timeout_dropped_before_its_first_poll_has_nothing_to_undo(void)
{
    test_begin();
    probe_init(&inner, 'a');
    runner_start_passive(&r, &em_timeout_after_(&timeout, em_ticks(10), &inner.future)->future);
    runner_drop(&r);
    CHECK(inner.polls == 0 && no_timer_waits() && em_mock_clock_alarms_set() == 0);
}

static em_timeout outer;

static void nest(uint64_t outside, uint64_t inside)
{
    test_begin();
    probe_init(&inner, 'a');
    em_timeout_after_(&timeout, em_ticks(inside), &inner.future);
    runner_start(&r, NULL, &em_timeout_after_(&outer, em_ticks(outside), &timeout.future)->future);
    test_run();
}

static void of_nested_timeouts_the_shorter_decides(void)
{
    nest(20, 10);
    test_pass(10);
    CHECK(r.ready && outer.out == EM_OK && timeout.out == EM_ERR_TIMEOUT && inner.drops == 1);
    CHECK(no_timer_waits());
    nest(10, 20);
    test_pass(10);
    CHECK(r.ready && outer.out == EM_ERR_TIMEOUT && inner.drops == 1 && no_timer_waits());
    nest(10, 10);
    test_pass(10);
    CHECK(r.ready && inner.drops == 1 && no_timer_waits());
    CHECK(outer.out == EM_OK && timeout.out == EM_ERR_TIMEOUT); /* the inner result comes with the deadline */
}

static void a_result_passes_through_nested_timeouts(void)
{
    nest(20, 10);
    test_pass(5);
    probe_fire(&inner);
    test_run();
    CHECK(r.ready && outer.out == EM_OK && timeout.out == EM_OK && no_timer_waits());
}

static void a_timer_inside_a_timeout(void)
{
    em_timer timer;
    for (uint64_t limit = 1; limit <= 20; limit++) {
        test_begin();
        em_timer_after(&timer, em_ticks(10));
        runner_start(&r, NULL, &em_timeout_after_(&timeout, em_ticks(limit), &timer.future)->future);
        test_run();
        test_pass(20);
        /* when both are due at the poll, it is a result */
        CHECK(r.ready && timeout.out == EM_OK && no_timer_waits());
        test_begin();
        em_timer_after(&timer, em_ticks(10));
        runner_start(&r, NULL, &em_timeout_after_(&timeout, em_ticks(limit), &timer.future)->future);
        test_run();
        for (unsigned i = 0; i < 20; i++) {
            test_pass(1);
        }
        CHECK(r.ready && timeout.out == (limit < 10 ? EM_ERR_TIMEOUT : EM_OK) && no_timer_waits());
    }
}

static const em_test tests[] = {
    TEST(a_result_in_time_is_ok_and_the_timer_leaves),
    TEST(a_result_at_the_first_poll_starts_no_timer),
    TEST(at_the_deadline_the_inner_future_is_dropped_once),
    TEST(a_result_that_comes_with_the_deadline_is_a_result),
    TEST(a_result_after_the_deadline_but_before_the_poll_is_a_result),
    TEST(a_timeout_of_zero_yields_once_then_times_out),
    TEST(a_deadline_is_an_instant),
    TEST(the_longest_timeout_never_comes),
    TEST(dropping_a_timeout_drops_both),
    TEST(a_timeout_dropped_before_its_first_poll_has_nothing_to_undo),
    TEST(of_nested_timeouts_the_shorter_decides),
    TEST(a_result_passes_through_nested_timeouts),
    TEST(a_timer_inside_a_timeout),
};

int main(void)
{
    RUN_TESTS(tests);
}

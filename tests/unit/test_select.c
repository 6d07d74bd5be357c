/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Select and join by exact trace: who is polled, in which order, who is dropped, and how often. */
#include "runner.h"

#include <em/join.h>
#include <em/mock_clock.h>
#include <em/select.h>
#include <em/timer.h>

static runner r;
static probe arm[6];
static em_future *arms[6];

static void begin(unsigned n)
{
    test_begin();
    for (unsigned i = 0; i < n; i++) {
        arms[i] = probe_init(&arm[i], (char)('a' + i));
    }
}

static void start_select2(em_select2 *s)
{
    begin(2);
    em_select_init_(&s->base, 2, arms);
    runner_start(&r, "won", &s->future);
    test_run();
}

static void select_polls_from_left_to_right_at_every_wake(void)
{
    em_select2 s;
    start_select2(&s);
    CHECK_TRACE("a b");
    em_wake((em_waker){&r.task});
    test_run();
    CHECK_TRACE("a b");
    probe_fire(&arm[1]);
    test_run();
    CHECK_TRACE("a b! ~a won");
    CHECK(s.out == 1);
}

static void an_earlier_arm_wins_and_later_ones_are_not_polled(void)
{
    em_select2 s;
    start_select2(&s);
    arm[0].fired = true;
    probe_fire(&arm[1]);
    test_run();
    CHECK_TRACE("a b a! ~b won");
    CHECK(s.out == 0 && arm[1].polls == 1 && arm[1].drops == 1);
}

static void an_arm_that_was_never_polled_is_dropped_too(void)
{
    em_select2 s;
    begin(2);
    arm[0].fired = true;
    em_select_init_(&s.base, 2, arms);
    runner_start(&r, "won", &s.future);
    test_run();
    CHECK_TRACE("a! ~b won");
    CHECK(s.out == 0);
}

/* Every size, every winner, every set of other arms that are ready too. */
static bool select_of(unsigned n, em_select *base, em_future *select, unsigned ready)
{
    unsigned winner = 0;
    begin(n);
    em_select_init_(base, n, arms);
    runner_start(&r, NULL, select);
    test_run();
    em_trace_clear();
    for (unsigned i = n; i-- > 0;) {
        if (ready & (1u << i)) {
            arm[i].fired = true;
            winner = i;
        }
    }
    em_wake((em_waker){&r.task});
    test_run();
    char expected[64];
    char *end = expected;
    for (unsigned i = 0; i <= winner; i++) {
        *end++ = (char)('a' + i);
        *end++ = i == winner ? '!' : ' ';
    }
    for (unsigned i = 0; i < n; i++) {
        if (i != winner) {
            *end++ = ' ';
            *end++ = '~';
            *end++ = (char)('a' + i);
        }
    }
    *end = '\0';
    return r.ready && base->out == (int)winner && em_trace_is(expected);
}

static void of_any_number_the_leftmost_ready_wins_and_the_others_are_dropped_in_order(void)
{
    em_select2 s2;
    em_select3 s3;
    em_select4 s4;
    em_select5 s5;
    em_select6 s6;
    for (unsigned ready = 1; ready < 1u << 6; ready++) {
        CHECK(ready >= 1u << 2 || select_of(2, &s2.base, &s2.future, ready));
        CHECK(ready >= 1u << 3 || select_of(3, &s3.base, &s3.future, ready));
        CHECK(ready >= 1u << 4 || select_of(4, &s4.base, &s4.future, ready));
        CHECK(ready >= 1u << 5 || select_of(5, &s5.base, &s5.future, ready));
        CHECK(select_of(6, &s6.base, &s6.future, ready));
    }
}

static void out_is_the_member_out_of_every_storage(void)
{
    em_select6 s;
    CHECK(select_of(6, &s.base, &s.future, 1u << 5) && s.out == 5);
    CHECK(s.arm[5] == &arm[5].future);
}

static void a_dropped_select_drops_every_arm_once_from_left_to_right(void)
{
    em_select3 s;
    begin(3);
    em_select_init_(&s.base, 3, arms);
    runner_start(&r, NULL, &s.future);
    test_run();
    em_trace_clear();
    runner_drop(&r);
    CHECK_TRACE("~a ~b ~c");
}

static void a_dropped_select_that_was_never_polled_drops_its_arms_harmlessly(void)
{
    em_select2 s;
    em_timer timer[2];
    test_begin();
    em_future *timers[] = {&em_timer_after(&timer[0], em_ticks(1))->future,
                           &em_timer_after(&timer[1], em_ticks(2))->future};
    em_select_init_(&s.base, 2, timers);
    runner_start_passive(&r, &s.future);
    runner_drop(&r);
    CHECK(em_mock_clock_alarms_set() == 0 && test_executor.timers.first == NULL);
}

static void select_of_an_array(void)
{
    em_select s;
    begin(4);
    runner_start(&r, NULL, &em_select_array(&s, arms, 4)->future);
    test_run();
    CHECK_TRACE("a b c d");
    probe_fire(&arm[2]);
    test_run();
    CHECK_TRACE("a b c! ~a ~b ~d");
    CHECK(r.ready && s.out == 2);
}

static void select_of_no_futures_is_never_ready(void)
{
    em_select s;
    test_begin();
    runner_start(&r, NULL, &em_select_array(&s, NULL, 0)->future);
    test_run();
    em_wake((em_waker){&r.task});
    test_run();
    CHECK(!r.ready && r.polls == 2);
    runner_drop(&r);
}

/* A known bug elsewhere: join as `a && b` does not poll b while a is pending. */
static void join_polls_every_arm_that_is_not_done_at_every_wake(void)
{
    em_join3 j;
    begin(3);
    em_join_init_(&j.base, 3, arms);
    runner_start(&r, "all", &j.future);
    test_run();
    CHECK_TRACE("a b c");
    probe_fire(&arm[1]);
    test_run();
    CHECK_TRACE("a b! c");
    em_wake((em_waker){&r.task});
    test_run();
    CHECK_TRACE("a c"); /* who is done is not polled again */
    probe_fire(&arm[2]);
    test_run();
    CHECK_TRACE("a c!");
    probe_fire(&arm[0]);
    test_run();
    CHECK_TRACE("a! all");
    CHECK(arm[0].drops + arm[1].drops + arm[2].drops == 0);
}

static bool join_in_order(unsigned n, em_join *base, em_future *join, uint64_t *random)
{
    unsigned left = n;
    begin(n);
    em_join_init_(base, n, arms);
    runner_start(&r, NULL, join);
    test_run();
    while (left) {
        unsigned i = em_test_random(random) % n;
        if (!arm[i].fired) {
            EXPECT(!r.ready);
            probe_fire(&arm[i]);
            test_run();
            left--;
        }
        em_trace_clear();
    }
    for (unsigned i = 0; i < n; i++) {
        EXPECT(arm[i].polls <= n + 1 && arm[i].drops == 0);
    }
    return r.ready;
}

static bool join_of_any_size(uint64_t *random)
{
    em_join2 j2;
    em_join3 j3;
    em_join4 j4;
    em_join5 j5;
    em_join6 j6;
    return join_in_order(2, &j2.base, &j2.future, random) && join_in_order(3, &j3.base, &j3.future, random)
           && join_in_order(4, &j4.base, &j4.future, random) && join_in_order(5, &j5.base, &j5.future, random)
           && join_in_order(6, &j6.base, &j6.future, random);
}

static void of_any_number_join_is_ready_when_the_last_is_in_any_order(void)
{
    CHECK(test_schedules(500, join_of_any_size));
}

static void a_dropped_join_drops_only_the_arms_that_are_not_done(void)
{
    em_join3 j;
    begin(3);
    em_join_init_(&j.base, 3, arms);
    runner_start(&r, NULL, &j.future);
    test_run();
    probe_fire(&arm[1]);
    test_run();
    em_trace_clear();
    runner_drop(&r);
    CHECK_TRACE("~a ~c");
}

static void join_of_an_array_marks_what_is_done(void)
{
    em_join j;
    begin(3);
    runner_start(&r, NULL, &em_join_array(&j, arms, 3)->future);
    test_run();
    probe_fire(&arm[0]);
    test_run();
    CHECK(!arms[0] && arms[1] && arms[2]);
    probe_fire(&arm[1]);
    probe_fire(&arm[2]);
    test_run();
    CHECK(r.ready && !arms[1] && !arms[2]);
    em_trace_clear();
}

static void join_of_no_futures_is_ready_at_once(void)
{
    em_join j;
    test_begin();
    runner_start(&r, NULL, &em_join_array(&j, NULL, 0)->future);
    test_run();
    CHECK(r.ready && r.polls == 1);
}

static void select_and_join_nest(void)
{
    em_select2 s;
    em_join2 j;
    begin(3);
    em_join_init_(&j.base, 2, arms);
    em_future *both[] = {&j.future, arms[2]};
    em_select_init_(&s.base, 2, both);
    runner_start(&r, "won", &s.future);
    test_run();
    probe_fire(&arm[0]);
    test_run();
    em_trace_clear();
    probe_fire(&arm[2]);
    test_run();
    CHECK_TRACE("b c! ~b won");
    CHECK(s.out == 1);
}

static const em_test tests[] = {
    TEST(select_polls_from_left_to_right_at_every_wake),
    TEST(an_earlier_arm_wins_and_later_ones_are_not_polled),
    TEST(an_arm_that_was_never_polled_is_dropped_too),
    TEST(of_any_number_the_leftmost_ready_wins_and_the_others_are_dropped_in_order),
    TEST(out_is_the_member_out_of_every_storage),
    TEST(a_dropped_select_drops_every_arm_once_from_left_to_right),
    TEST(a_dropped_select_that_was_never_polled_drops_its_arms_harmlessly),
    TEST(select_of_an_array),
    TEST(select_of_no_futures_is_never_ready),
    TEST(join_polls_every_arm_that_is_not_done_at_every_wake),
    TEST(of_any_number_join_is_ready_when_the_last_is_in_any_order),
    TEST(a_dropped_join_drops_only_the_arms_that_are_not_done),
    TEST(join_of_an_array_marks_what_is_done),
    TEST(join_of_no_futures_is_ready_at_once),
    TEST(select_and_join_nest),
};

int main(void)
{
    RUN_TESTS(tests);
}

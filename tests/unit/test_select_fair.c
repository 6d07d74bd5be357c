/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Fair selects by exact trace: where they begin, who wins when all are ready, who is dropped, and who goes on. */
#include "runner.h"

#include <em/select_fair.h>
#include <string.h>

static runner r;
static probe arm[6];
static em_future *arms[6];

static void begin(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        arms[i] = probe_init(&arm[i], (char)('a' + i));
    }
}

static void it_begins_behind_the_last_winner(void)
{
    static em_select_fair3 s;
    test_begin();
    for (unsigned round = 0; round < 6; round++) {
        begin(3);
        arm[0].fired = arm[1].fired = arm[2].fired = true;
        em_select_fair_init_(&s.base, 3, arms);
        runner_start(&r, NULL, &s.future);
        test_run();
        CHECK(r.ready && s.out == (int)(round % 3) && s.arm[s.out] == &arm[s.out].future);
    }
    CHECK_TRACE("a! ~b ~c b! ~a ~c c! ~a ~b a! ~b ~c b! ~a ~c c! ~a ~b");
}

static void it_goes_round_at_every_wake(void)
{
    static em_select_fair3 s;
    test_begin();
    begin(3);
    arm[1].fired = true;
    em_select_fair_init_(&s.base, 3, arms);
    runner_start(&r, NULL, &s.future);
    test_run();
    CHECK_TRACE("a b! ~a ~c");
    begin(3);
    em_select_fair_init_(&s.base, 3, arms);
    runner_start(&r, NULL, &s.future);
    test_run();
    CHECK_TRACE("c a b");
    arm[0].fired = true;
    probe_fire(&arm[1]);
    test_run();
    CHECK_TRACE("c a! ~b ~c");
    CHECK(s.out == 0);
}

/* Upstream's select starves all but the leftmost that is ready: whoever is ready here wins within n rounds. */
static bool nobody_waits_longer_than_one_round(uint64_t *random)
{
    static em_select_fair6 s;
    unsigned waited[6] = {0};
    test_begin();
    s.base.start = em_test_random(random);
    for (unsigned round = 0; round < 60; round++) {
        unsigned ready = 1 + em_test_random(random) % 63;
        begin(6);
        for (unsigned i = 0; i < 6; i++) {
            arm[i].fired = ready & 1u << i;
        }
        em_select_fair_init_(&s.base, 6, arms);
        runner_start(&r, NULL, &s.future);
        test_run();
        em_trace_clear();
        EXPECT(r.ready && ready & 1u << s.out);
        for (unsigned i = 0; i < 6; i++) {
            waited[i] = (int)i != s.out && arm[i].fired ? waited[i] + 1 : 0;
            EXPECT(waited[i] < 6 && arm[i].drops == ((int)i != s.out));
        }
    }
    return true;
}

static void whoever_is_ready_wins_within_a_round(void)
{
    CHECK(test_schedules(1000, nobody_waits_longer_than_one_round));
}

static void the_storage_need_not_be_set(void)
{
    em_select_fair2 s;
    memset(&s, 0xa5, sizeof s);
    test_begin();
    begin(2);
    em_select_fair_init_(&s.base, 2, arms);
    runner_start(&r, NULL, &s.future);
    test_run();
    probe_fire(&arm[0]);
    test_run();
    CHECK(r.ready && s.out == 0 && arm[1].drops == 1);
    em_trace_clear();
}

static void a_dropped_fair_select_drops_every_arm_from_left_to_right(void)
{
    em_select_fair s = {.start = 1};
    test_begin();
    begin(3);
    runner_start(&r, NULL, &em_select_fair_array(&s, arms, 3)->future);
    test_run();
    runner_drop(&r);
    CHECK_TRACE("b c a ~a ~b ~c");
}

static void a_fair_select_of_no_futures_is_never_ready(void)
{
    em_select_fair s = {.start = 7};
    test_begin();
    runner_start(&r, NULL, &em_select_fair_array(&s, NULL, 0)->future);
    test_run();
    CHECK(!r.ready && r.polls == 1);
    runner_drop(&r);
}

/* -- the first of many ----------------------------------------------------------------------------- */

/* Wait for the next of the first n arms. */
static bool next(em_first *f, unsigned n)
{
    runner_start(&r, NULL, &em_first_array(f, arms, n)->future);
    test_run();
    return r.ready;
}

static void the_losers_go_on(void)
{
    em_first f = {.start = 0};
    test_begin();
    begin(3);
    CHECK(!next(&f, 3));
    CHECK_TRACE("a b c");
    probe_fire(&arm[1]);
    test_run();
    CHECK_TRACE("a b!");
    CHECK(r.ready && f.out == 1 && arms[1] == NULL && arms[0] && arms[2]);
    CHECK(!next(&f, 3));
    CHECK_TRACE("c a");
    arms[1] = probe_init(&arm[1], 'B'); /* another one in its place */
    em_wake((em_waker){&r.task});
    test_run();
    CHECK_TRACE("c a B");
    arm[0].fired = arm[1].fired = true;
    probe_fire(&arm[2]);
    test_run();
    CHECK_TRACE("c!");
    CHECK(next(&f, 3) && f.out == 0 && next(&f, 3) && f.out == 1);
    CHECK_TRACE("a! B!");
    CHECK(next(&f, 3) && f.out == EM_ERR_CLOSED && arm[0].drops + arm[1].drops + arm[2].drops == 0);
}

static void none_of_none_is_left(void)
{
    em_first f = {.start = 0};
    test_begin();
    CHECK(next(&f, 0) && f.out == EM_ERR_CLOSED);
}

static void an_arm_that_is_always_ready_does_not_starve_the_others(void)
{
    em_first f = {.start = 0};
    test_begin();
    begin(3);
    for (unsigned i = 0; i < 3; i++) {
        arm[i].fired = true;
    }
    for (unsigned round = 0; round < 9; round++) {
        CHECK(next(&f, 3) && f.out == (int)(round % 3));
        arms[f.out] = &arm[f.out].future; /* again */
    }
    em_trace_clear();
}

static void a_drop_drops_those_that_are_left_once(void)
{
    em_first f = {.start = 0};
    test_begin();
    begin(3);
    arm[1].fired = true;
    CHECK(next(&f, 3) && !next(&f, 3));
    em_trace_clear();
    runner_drop(&r);
    CHECK_TRACE("~a ~c");
    em_first_drop(arms, 3); /* FINALLY does it in any case */
    CHECK_TRACE("");
    begin(2);
    arm[0].fired = true;
    CHECK(next(&f, 2));
    em_trace_clear();
    em_first_drop(arms, 2); /* between two waits */
    CHECK_TRACE("~b");
}

static const em_test tests[] = {
    TEST(it_begins_behind_the_last_winner),
    TEST(it_goes_round_at_every_wake),
    TEST(whoever_is_ready_wins_within_a_round),
    TEST(the_storage_need_not_be_set),
    TEST(a_dropped_fair_select_drops_every_arm_from_left_to_right),
    TEST(a_fair_select_of_no_futures_is_never_ready),
    TEST(the_losers_go_on),
    TEST(none_of_none_is_left),
    TEST(an_arm_that_is_always_ready_does_not_starve_the_others),
    TEST(a_drop_drops_those_that_are_left_once),
};

int main(void)
{
    RUN_TESTS(tests);
}

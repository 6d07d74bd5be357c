/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Joins that end at the first failure, by exact trace; and single polls. */
#include "fake_port.h"
#include "runner.h"

#include <em/mutex.h>
#include <em/poll_once.h>
#include <em/timer.h>
#include <em/try_join.h>

/* A probe with a result, not where the future is. */
typedef struct outcome {
    probe probe;
    int out;
} outcome;

static runner r;
static outcome arm[6];
static em_try_arm arms[6];

static void begin(unsigned n)
{
    test_begin();
    for (unsigned i = 0; i < n; i++) {
        arms[i] = (em_try_arm){probe_init(&arm[i].probe, (char)('a' + i)), offsetof(outcome, out)};
        arm[i].out = 1;
    }
}

static void start(em_try_join *base, unsigned n)
{
    begin(n);
    em_try_join_init_(base, n, arms);
    runner_start(&r, "done", &base->future);
    test_run();
}

static void it_is_ready_when_all_are(void)
{
    em_try_join3 j;
    start(&j.base, 3);
    CHECK_TRACE("a b c");
    probe_fire(&arm[1].probe);
    test_run();
    CHECK_TRACE("a b! c");
    arm[0].out = 0;
    arm[0].probe.fired = true;
    probe_fire(&arm[2].probe);
    test_run();
    CHECK_TRACE("a! c! done");
    CHECK(j.out == EM_OK && arm[0].probe.drops + arm[1].probe.drops + arm[2].probe.drops == 0);
}

static void it_ends_at_the_first_failure(void)
{
    em_try_join4 j;
    start(&j.base, 4);
    probe_fire(&arm[0].probe);
    test_run();
    CHECK_TRACE("a b c d a! b c d");
    arm[2].out = EM_ERR_IO;
    arm[3].out = EM_ERR_TIMEOUT;
    arm[3].probe.fired = true;
    probe_fire(&arm[2].probe);
    test_run();
    CHECK_TRACE("b c! ~b ~d done"); /* the one behind it is not polled any more */
    CHECK(j.out == EM_ERR_IO && arm[0].probe.drops == 0);
}

static void a_failure_at_the_first_poll_drops_who_was_never_polled(void)
{
    em_try_join2 j;
    begin(2);
    arm[0].out = EM_ERR_CLOSED;
    arm[0].probe.fired = true;
    em_try_join_init_(&j.base, 2, arms);
    runner_start(&r, NULL, &j.future);
    test_run();
    CHECK_TRACE("a! ~b");
    CHECK(r.ready && j.out == EM_ERR_CLOSED);
}

static void a_dropped_one_drops_only_the_arms_that_are_not_done(void)
{
    em_try_join3 j;
    start(&j.base, 3);
    probe_fire(&arm[1].probe);
    test_run();
    em_trace_clear();
    runner_drop(&r);
    CHECK_TRACE("~a ~c");
}

static void of_an_array_and_of_none(void)
{
    em_try_join j;
    begin(2);
    runner_start(&r, NULL, &em_try_join_array(&j, arms, 2)->future);
    test_run();
    probe_fire(&arm[0].probe);
    test_run();
    CHECK(!r.ready && !arms[0].future && arms[1].future);
    probe_fire(&arm[1].probe);
    test_run();
    CHECK(r.ready && j.out == EM_OK);
    runner_start(&r, NULL, &em_try_join_array(&j, NULL, 0)->future);
    test_run();
    CHECK(r.ready && j.out == EM_OK);
    em_trace_clear();
}

/* Any order of results: the first failure is the result, nobody is polled again or dropped twice. */
static bool in_any_order(unsigned n, em_try_join *base, uint64_t *random)
{
    int expected = EM_OK;
    start(base, n);
    for (unsigned left = n; left > 0 && expected == EM_OK;) {
        unsigned i = em_test_random(random) % n;
        if (!arm[i].probe.fired) {
            EXPECT(!r.ready);
            arm[i].out = em_test_random(random) % 4 ? (int)i : -1 - (int)i;
            expected = arm[i].out < 0 ? arm[i].out : EM_OK;
            probe_fire(&arm[i].probe);
            test_run();
            left--;
        }
        em_trace_clear();
    }
    EXPECT(r.ready && base->out == expected);
    for (unsigned i = 0; i < n; i++) {
        EXPECT(arm[i].probe.drops == !arm[i].probe.fired);
    }
    return true;
}

static bool of_any_size(uint64_t *random)
{
    em_try_join2 j2;
    em_try_join3 j3;
    em_try_join4 j4;
    em_try_join5 j5;
    em_try_join6 j6;
    return in_any_order(2, &j2.base, random) && in_any_order(3, &j3.base, random) && in_any_order(4, &j4.base, random)
           && in_any_order(5, &j5.base, random) && in_any_order(6, &j6.base, random);
}

static void of_any_number_in_any_order(void)
{
    CHECK(test_schedules(1000, of_any_size));
}

static void out_is_the_member_out_of_every_storage(void)
{
    em_try_join2 j2;
    em_try_join6 j6;
    j2.base.out = 2;
    j6.base.out = 6;
    CHECK(j2.out == 2 && j6.out == 6);
}

/* -- one poll --------------------------------------------------------------------------------------- */

static em_mutex mutex;
static em_timer timer;
static em_mutex_lock_future lock;
static probe looked_at;

static em_poll looker_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    em_trace(em_poll_once(probe_init(&looked_at, 'p')) ? "yes" : "no");
    looked_at.fired = true;
    em_trace(em_poll_once(&looked_at.future) ? "yes" : "no");
    em_trace(em_poll_once(&em_mutex_lock(&lock, &mutex)->future) ? "locked" : "busy");
    em_trace(em_poll_once(&em_mutex_lock(&lock, &mutex)->future) ? "locked" : "busy");
    em_trace(em_poll_once(&em_timer_after(&timer, em_ticks(5))->future) ? "late" : "early");
    return EM_READY;
}
RAW_TASK_TYPE(looker, looker_poll, NULL)

static void a_single_poll_leaves_nothing_behind(void)
{
    test_begin();
    em_must_spawn((em_spawner){&test_executor}, looker());
    test_run();
    CHECK_TRACE("p ~p no p! yes locked busy early");
    em_mutex_unlock(&mutex);
    CHECK(!em_mutex_is_locked(&mutex) && test_executor.timers.first == NULL);
}

static void a_single_poll_is_for_tasks(void)
{
    test_begin();
    CHECK(PANICS(em_poll_once(probe_init(&looked_at, 'p'))));
}

static const em_test tests[] = {
    TEST(it_is_ready_when_all_are),
    TEST(it_ends_at_the_first_failure),
    TEST(a_failure_at_the_first_poll_drops_who_was_never_polled),
    TEST(a_dropped_one_drops_only_the_arms_that_are_not_done),
    TEST(of_an_array_and_of_none),
    TEST(of_any_number_in_any_order),
    TEST(out_is_the_member_out_of_every_storage),
    TEST(a_single_poll_leaves_nothing_behind),
    TEST(a_single_poll_is_for_tasks),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Event flags: any and all, seen and taken, order, sets from within a set, cancellation at every point. */
#include "waiters.h"

#include <em/event_flags.h>

static em_event_flags flags;
static em_event_flags_wait_future wait[WAITERS];
static waiters w;

typedef em_event_flags_wait_future *(*request)(em_event_flags_wait_future *, em_event_flags *, uint32_t);

static void begin(void)
{
    waiters_begin(&w);
    flags = (em_event_flags){0};
}

/* Start a wait and poll it once. */
static bool ask(unsigned i, request how, uint32_t wanted)
{
    waiters_start(&w, i, &how(&wait[i], &flags, wanted)->future);
    return runner_poll(&w.runner[i]);
}

static void zeroed_flags_are_not_set(void)
{
    begin();
    CHECK(em_event_flags_get(&flags) == 0);
    em_event_flags_set(&flags, 0x80000001);
    em_event_flags_set(&flags, 0x1);
    CHECK(em_event_flags_get(&flags) == 0x80000001);
    em_event_flags_clear(&flags, 0x3);
    CHECK(em_event_flags_get(&flags) == 0x80000000);
}

static void trying_sees_or_takes_what_is_set(void)
{
    uint32_t out = 77;
    begin();
    CHECK(em_event_flags_try_wait_any(&flags, 0x3, &out) == EM_ERR_AGAIN);
    CHECK(em_event_flags_try_take_any(&flags, 0x3, &out) == EM_ERR_AGAIN);
    em_event_flags_set(&flags, 0x5);
    CHECK(em_event_flags_try_wait_all(&flags, 0x3, &out) == EM_ERR_AGAIN);
    CHECK(em_event_flags_try_take_all(&flags, 0x3, &out) == EM_ERR_AGAIN && out == 77);
    CHECK(em_event_flags_try_wait_any(&flags, 0x3, &out) == EM_OK && out == 0x1);
    CHECK(em_event_flags_try_wait_all(&flags, 0x5, &out) == EM_OK && out == 0x5 && em_event_flags_get(&flags) == 0x5);
    CHECK(em_event_flags_try_take_any(&flags, 0x3, &out) == EM_OK && out == 0x1 && em_event_flags_get(&flags) == 0x4);
    CHECK(em_event_flags_try_take_all(&flags, 0x4, &out) == EM_OK && out == 0x4 && em_event_flags_get(&flags) == 0);
    CHECK(em_event_flags_try_take_any(&flags, 0, &out) == EM_ERR_AGAIN);
    CHECK(em_event_flags_try_take_all(&flags, 0, &out) == EM_OK && out == 0);
}

static void what_is_set_already_is_ready_at_once(void)
{
    begin();
    em_event_flags_set(&flags, 0x6);
    CHECK(ask(0, em_event_flags_wait_any, 0x3) && wait[0].out == 0x2);
    CHECK(ask(0, em_event_flags_wait_all, 0x6) && wait[0].out == 0x6);
    CHECK(ask(0, em_event_flags_take_any, 0x3) && wait[0].out == 0x2 && em_event_flags_get(&flags) == 0x4);
    CHECK(ask(0, em_event_flags_take_all, 0x4) && wait[0].out == 0x4 && em_event_flags_get(&flags) == 0);
    CHECK(ask(0, em_event_flags_wait_all, 0) && wait[0].out == 0);
    CHECK(!ask(1, em_event_flags_wait_any, 0));
    em_event_flags_set(&flags, UINT32_MAX);
    CHECK(!runner_poll(&w.runner[1]));
    runner_drop(&w.runner[1]);
}

static void all_waits_for_the_last(void)
{
    begin();
    CHECK(!ask(0, em_event_flags_wait_all, 0x7));
    em_event_flags_set(&flags, 0x1);
    em_event_flags_set(&flags, 0x4);
    test_run();
    CHECK(w.runner[0].wakes == 0);
    em_event_flags_set(&flags, 0x2);
    test_run();
    CHECK(w.runner[0].wakes == 1 && runner_poll(&w.runner[0]) && wait[0].out == 0x7);
}

static void one_set_is_seen_by_all_that_wait_for_it(void)
{
    static runner r[4];
    static const char *const names[] = {"a", "b", "other", "c"};
    begin();
    for (unsigned i = 0; i < 4; i++) {
        runner_start(&r[i], names[i], &em_event_flags_wait_any(&wait[i], &flags, i == 2 ? 0x2 : 0x1)->future);
    }
    test_run();
    em_event_flags_set(&flags, 0x1);
    em_event_flags_clear(&flags, 0x1); /* at once: they have seen it */
    test_run();
    CHECK_TRACE("a b c");
    em_event_flags_set(&flags, 0x2);
    test_run();
    CHECK_TRACE("other");
    CHECK(r[0].polls == 2 && r[1].polls == 2 && r[2].polls == 2 && r[3].polls == 2);
}

static void one_set_is_taken_once_by_the_longest_waiting(void)
{
    begin();
    CHECK(!ask(0, em_event_flags_take_all, 0x3) && !ask(1, em_event_flags_take_any, 0x1));
    CHECK(!ask(2, em_event_flags_take_any, 0x1) && !ask(3, em_event_flags_wait_any, 0x1));
    em_event_flags_set(&flags, 0x1);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 1 && w.runner[2].wakes == 0 && w.runner[3].wakes == 0);
    CHECK(em_event_flags_get(&flags) == 0 && !runner_poll(&w.runner[2]) && runner_poll(&w.runner[1]));
    em_event_flags_set(&flags, 0x3);
    CHECK(em_event_flags_get(&flags) == 0 && runner_poll(&w.runner[0]) && wait[0].out == 0x3);
    em_event_flags_set(&flags, 0x1);
    CHECK(runner_poll(&w.runner[2]) && wait[2].out == 0x1 && !runner_poll(&w.runner[3]));
    em_event_flags_set(&flags, 0x1);
    CHECK(runner_poll(&w.runner[3]) && em_event_flags_get(&flags) == 0x1);
}

static void who_waits_for_what_is_not_set_lets_others_pass(void)
{
    begin();
    CHECK(!ask(0, em_event_flags_take_any, 0x1) && !ask(1, em_event_flags_take_any, 0x2));
    em_event_flags_set(&flags, 0x2);
    CHECK(runner_poll(&w.runner[1]) && !runner_poll(&w.runner[0]));
    em_event_flags_set(&flags, 0x4);
    CHECK(ask(1, em_event_flags_take_any, 0x4));
    runner_drop(&w.runner[0]);
}

/* A scan that another set interrupts, as an ISR or another hart does: by hand, as serve() goes on. */
static void a_scan_begun_anew_goes_on_for_both(void)
{
    static em_wait_scan s;
    static em_wait_node n[3];
    begin();
    s = (em_wait_scan){0};
    for (unsigned i = 0; i < 3; i++) {
        em_wait_node_init(&n[i]);
        em_wait_list_add(&s.waiters, &n[i], (em_waker){&w.runner[i].task});
    }
    CHECK(!em_wait_scan_busy(&s));
    em_wait_scan_begin(&s);
    CHECK(em_wait_scan_next(&s) == &n[0] && em_wait_scan_next(&s) == &n[1]);
    em_wait_scan_begin(&s); /* the other */
    CHECK(em_wait_scan_next(&s) == &n[0]);
    CHECK(!em_wait_scan_leave(&s, &n[1])); /* who is next leaves */
    CHECK(em_wait_scan_next(&s) == &n[2] && !em_wait_scan_busy(&s));
    em_wait_list_add(&s.waiters, &n[1], (em_waker){&w.runner[1].task}); /* after the last look: not looked at */
    CHECK(em_wait_scan_next(&s) == NULL);
    em_wait_scan_begin(&s);
    CHECK(em_wait_scan_next(&s) == &n[0] && em_wait_scan_next(&s) == &n[2] && em_wait_scan_next(&s) == &n[1]);
    em_wait_scan_begin(&s);
    CHECK(!em_wait_scan_leave(&s, &n[0]) && !em_wait_scan_leave(&s, &n[2]) && !em_wait_scan_leave(&s, &n[1]));
    CHECK(!em_wait_scan_busy(&s) && em_wait_list_empty(&s.waiters));
}

static void a_wait_dropped_before_its_first_poll_takes_nothing(void)
{
    begin();
    em_event_flags_set(&flags, 0x1);
    waiters_start(&w, 0, &em_event_flags_take_any(&wait[0], &flags, 0x1)->future);
    runner_drop(&w.runner[0]);
    CHECK(em_event_flags_get(&flags) == 0x1);
}

static void a_wait_dropped_while_it_waits_is_forgotten(void)
{
    begin();
    CHECK(!ask(0, em_event_flags_take_any, 0x1) && !ask(1, em_event_flags_take_any, 0x1));
    runner_drop(&w.runner[0]);
    em_event_flags_set(&flags, 0x1);
    test_run();
    CHECK(w.runner[0].wakes == 0 && w.runner[1].wakes == 1 && runner_poll(&w.runner[1]));
}

static void a_take_dropped_after_it_was_given_flags_sets_them_again(void)
{
    begin();
    CHECK(!ask(0, em_event_flags_take_any, 0x3) && !ask(1, em_event_flags_take_any, 0x2));
    em_event_flags_set(&flags, 0x3);
    CHECK(em_event_flags_get(&flags) == 0);
    runner_drop(&w.runner[0]);
    test_run();
    CHECK(w.runner[1].wakes == 1 && em_event_flags_get(&flags) == 0x1 && runner_poll(&w.runner[1]));
    CHECK(wait[1].out == 0x2);
}

static void a_wait_dropped_after_it_saw_flags_changes_nothing(void)
{
    begin();
    CHECK(!ask(0, em_event_flags_wait_any, 0x3) && !ask(1, em_event_flags_take_any, 0x4));
    em_event_flags_set(&flags, 0x1);
    em_event_flags_clear(&flags, 0x1);
    runner_drop(&w.runner[0]);
    CHECK(em_event_flags_get(&flags) == 0 && !runner_poll(&w.runner[1]));
    runner_drop(&w.runner[1]);
}

/* -- the model: the flags, who waits for what, and what each was given --------------------------- */

static uint32_t set;
static uint32_t given[WAITERS];
static uint32_t wanted_of[WAITERS];
static unsigned how_of[WAITERS]; /* 1: all, 2: take */
static const request requests[] = {em_event_flags_wait_any, em_event_flags_wait_all, em_event_flags_take_any,
                                   em_event_flags_take_all};

static bool model_look(uint32_t wanted, unsigned how, uint32_t *out)
{
    uint32_t seen = set & wanted;
    if (how & 1 ? seen != wanted : seen == 0) {
        return false;
    }
    set &= how & 2 ? ~seen : UINT32_MAX;
    *out = seen;
    return true;
}

static void model_set(uint32_t more)
{
    unsigned queue[WAITERS];
    unsigned count = w.count;
    set |= more;
    for (unsigned n = 0; n < count; n++) {
        queue[n] = w.queue[n];
    }
    for (unsigned n = 0; n < count; n++) {
        unsigned i = queue[n];
        if (model_look(wanted_of[i], how_of[i], &given[i])) {
            waiters_unqueue(&w, i);
            w.handed[i] = true;
            w.wakes[i]++;
        }
    }
}

static bool step_poll(unsigned i, uint32_t wanted, unsigned how)
{
    bool fresh = !waiters_pending(&w, i);
    if (fresh) {
        waiters_start(&w, i, &requests[how](&wait[i], &flags, wanted)->future);
        wanted_of[i] = wanted;
        how_of[i] = how;
    }
    bool expected = fresh ? model_look(wanted, how, &given[i]) : w.handed[i];
    EXPECT(runner_poll(&w.runner[i]) == expected);
    if (expected) {
        w.handed[i] = false;
        EXPECT(wait[i].out == given[i]);
    } else if (fresh) {
        waiters_queue(&w, i);
    }
    return true;
}

static void step_cancel(unsigned i)
{
    runner_drop(&w.runner[i]);
    waiters_unqueue(&w, i);
    if (w.handed[i]) {
        w.handed[i] = false;
        model_set(how_of[i] & 2 ? given[i] : 0);
    }
}

static bool random_sets_waits_and_cancels(uint64_t *random)
{
    begin();
    set = 0;
    for (unsigned step = 0; step < 40; step++) {
        unsigned i = em_test_random(random) % WAITERS;
        uint32_t some = em_test_random(random) % 8;
        switch (em_test_random(random) % 8) {
        case 0:
            if (waiters_pending(&w, i)) {
                step_cancel(i);
            }
            break;
        case 1:
        case 2:
            em_event_flags_set(&flags, some);
            model_set(some);
            break;
        case 3:
            em_event_flags_clear(&flags, some);
            set &= ~some;
            break;
        default:
            EXPECT(step_poll(i, some, em_test_random(random) % 4));
            break;
        }
        EXPECT(waiters_agree(&w) && em_event_flags_get(&flags) == set);
    }
    return true;
}

static void any_sets_waits_and_cancels_agree_with_the_model(void)
{
    CHECK(test_schedules(100000, random_sets_waits_and_cancels));
}

static const em_test tests[] = {
    TEST(zeroed_flags_are_not_set),
    TEST(trying_sees_or_takes_what_is_set),
    TEST(what_is_set_already_is_ready_at_once),
    TEST(all_waits_for_the_last),
    TEST(one_set_is_seen_by_all_that_wait_for_it),
    TEST(one_set_is_taken_once_by_the_longest_waiting),
    TEST(who_waits_for_what_is_not_set_lets_others_pass),
    TEST(a_scan_begun_anew_goes_on_for_both),
    TEST(a_wait_dropped_before_its_first_poll_takes_nothing),
    TEST(a_wait_dropped_while_it_waits_is_forgotten),
    TEST(a_take_dropped_after_it_was_given_flags_sets_them_again),
    TEST(a_wait_dropped_after_it_saw_flags_changes_nothing),
    TEST(any_sets_waits_and_cancels_agree_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

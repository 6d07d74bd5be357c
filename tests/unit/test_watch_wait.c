/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Waiting at a watch: all are woken, in order; predicates; values that are gone again; cancellation at every point. */
#include "watches.h"

#include <em/select.h>

static uint8_t refused;

/* -- upstream's -------------------------------------------------------------------------------------- */

/* max_receivers_drop, dynamic_receiver_count: there are no slots. */
static void there_is_no_limit_on_receivers(void)
{
    static level_receiver many[100];
    static level_changed_future waits[100];
    static runner waiting[100];
    begin();
    for (unsigned i = 0; i < 100; i++) {
        runner_start(&waiting[i], NULL, &level_changed(&waits[i], level_receiver_init(&many[i], &l))->future);
    }
    test_run();
    level_send(&l, 10);
    test_run();
    for (unsigned i = 0; i < 100; i++) {
        CHECK(waiting[i].ready && waits[i].out == 10 && waiting[i].polls == 2);
    }
}

/* use_dynamics, convert_to_dyn: by pointers that do not know T. */
static void futures_of_any_type_work(void)
{
    em_future *any[2];
    uint8_t out;
    begin();
    any[0] = &level_changed(&changed[0], &r[0])->future;
    any[1] = &level_get(&get[1], &r[1])->future;
    level_send(&l, 10);
    CHECK(level_try_peek(&l, &out) == EM_OK && out == 10);
    for (unsigned i = 0; i < 2; i++) {
        waiters_start(&w, i, any[i]);
        CHECK(runner_poll(&w.runner[i]));
    }
    CHECK(changed[0].out == 10 && get[1].out == 10 && unchanged(0) && unchanged(1));
}

/* -- more --------------------------------------------------------------------------------------------- */

static void all_that_wait_are_woken_in_order_and_polled_twice(void)
{
    static runner waiting[4];
    static const char *const names[] = {"a", "b", "c", "d"};
    begin();
    runner_start(&waiting[0], names[0], &level_get(&get[0], &r[0])->future);
    runner_start(&waiting[1], names[1], &level_changed(&changed[1], &r[1])->future);
    runner_start(&waiting[2], names[2], &level_get_and(&get_and[2], &r[2], above, &five)->future);
    runner_start(&waiting[3], names[3], &level_changed_and(&changed_and[3], &r[3], above, &five)->future);
    test_run();
    CHECK_TRACE("");
    level_send(&l, 6);
    test_run();
    CHECK_TRACE("a b c d");
    for (unsigned i = 0; i < 4; i++) {
        CHECK(waiting[i].polls == 2 && unchanged(i));
    }
}

static void a_refused_value_is_waited_out(void)
{
    begin();
    level_send(&l, 1);
    CHECK(!ask_get_above(0, &five) && !ask_changed_above(1, &five));
    level_send(&l, 2);
    CHECK(woken(0, 1) && woken(1, 1) && !runner_poll(&w.runner[0]) && !runner_poll(&w.runner[1]));
    CHECK(r[0].receiver.seen == 0 && r[1].receiver.seen == 0);
    level_send(&l, 6);
    CHECK(woken(0, 2) && runner_poll(&w.runner[0]) && get_and[0].out == 6 && unchanged(0));
    CHECK(runner_poll(&w.runner[1]) && changed_and[1].out == 6 && unchanged(1));
}

/* The predicate runs with nothing locked: it may even send. */
static bool refuses_once(const uint8_t *value, void *watch)
{
    refused = *value;
    if (*value < 20) {
        level_send(watch, 20);
        return false;
    }
    return true;
}

static void a_value_sent_while_the_predicate_looks_is_looked_at(void)
{
    begin();
    refused = 0;
    level_send(&l, 10);
    waiters_start(&w, 0, &level_changed_and(&changed_and[0], &r[0], refuses_once, &l)->future);
    CHECK(!runner_poll(&w.runner[0]) && refused == 10 && woken(0, 1));
    CHECK(runner_poll(&w.runner[0]) && changed_and[0].out == 20 && unchanged(0));
}

static bool sends_and_accepts(const uint8_t *value, void *watch)
{
    if (*value == 10) {
        level_send(watch, 20);
    }
    return true;
}

static void accepting_a_value_does_not_mark_a_later_one(void)
{
    uint8_t out;
    begin();
    level_send(&l, 10);
    waiters_start(&w, 0, &level_changed_and(&changed_and[0], &r[0], sends_and_accepts, &l)->future);
    CHECK(runner_poll(&w.runner[0]) && changed_and[0].out == 10 && changed_to(0, 20));
    level_send(&l, 10);
    CHECK(level_try_changed_and(&r[1], sends_and_accepts, &l, &out) == EM_OK && out == 10 && changed_to(1, 20));
}

static void a_value_that_is_cleared_before_it_is_had_is_waited_for(void)
{
    begin();
    CHECK(!ask_get(0) && !ask_changed(1));
    level_send(&l, 10);
    level_clear(&l);
    CHECK(woken(0, 1) && woken(1, 1) && !runner_poll(&w.runner[0]) && !runner_poll(&w.runner[1]));
    level_clear(&l);
    CHECK(woken(0, 1) && woken(1, 1));
    level_send(&l, 20);
    CHECK(runner_poll(&w.runner[0]) && get[0].out == 20 && runner_poll(&w.runner[1]) && changed[1].out == 20);
}

/* -- cancellation ------------------------------------------------------------------------------------- */

static void a_wait_dropped_at_any_point_has_seen_nothing(void)
{
    begin();
    CHECK(!ask_changed(1) && !ask_get(2));
    for (unsigned how = 0; how < 4; how++) {
        em_future *waits[] = {&level_get(&get[0], &r[0])->future, &level_changed(&changed[0], &r[0])->future,
                              &level_get_and(&get_and[0], &r[0], above, &five)->future,
                              &level_changed_and(&changed_and[0], &r[0], above, &five)->future};
        l = (level){.watch.readers = l.watch.readers};
        waiters_start(&w, 0, waits[how]);
        runner_drop(&w.runner[0]); /* before its first poll */
        waiters_start(&w, 0, waits[how]);
        CHECK(!runner_poll(&w.runner[0]));
        runner_drop(&w.runner[0]); /* while it waits */
        level_send(&l, 1);
        level_clear(&l);
        waiters_start(&w, 0, waits[how]);
        CHECK(!runner_poll(&w.runner[0]));
        level_send(&l, 10);
        runner_drop(&w.runner[0]); /* after it was woken */
        CHECK(changed_to(0, 10));
        level_receiver_init(&r[0], &l);
    }
    CHECK(runner_poll(&w.runner[1]) && runner_poll(&w.runner[2]));
}

static void a_wait_dropped_when_ready_has_seen_nothing(void)
{
    em_select2 select;
    probe other;
    begin();
    level_send(&l, 10);
    em_future *arms[] = {probe_init(&other, 'o'), &level_changed(&changed[0], &r[0])->future};
    other.fired = true;
    em_select_init_(&select.base, 2, arms);
    waiters_start(&w, 0, &select.future);
    CHECK(runner_poll(&w.runner[0]) && changed_to(0, 10));
}

static const em_test tests[] = {
    TEST(there_is_no_limit_on_receivers),
    TEST(futures_of_any_type_work),
    TEST(all_that_wait_are_woken_in_order_and_polled_twice),
    TEST(a_refused_value_is_waited_out),
    TEST(a_value_sent_while_the_predicate_looks_is_looked_at),
    TEST(accepting_a_value_does_not_mark_a_later_one),
    TEST(a_value_that_is_cleared_before_it_is_had_is_waited_for),
    TEST(a_wait_dropped_at_any_point_has_seen_nothing),
    TEST(a_wait_dropped_when_ready_has_seen_nothing),
};

int main(void)
{
    RUN_TESTS(tests);
}

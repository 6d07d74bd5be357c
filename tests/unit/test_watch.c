/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The watch: every receiver sees the latest value, and knows whether it is a new one. */
#include "waiters.h"

#include <em/select.h>
#include <em/watch.h>

typedef struct pair {
    uint8_t first;
    uint8_t second;
} pair;

EM_WATCH_TYPE(level, uint8_t);
EM_WATCH_TYPE(both, pair);
EM_WATCH_TYPE(pointer, const pair *);

static level l;
static level_receiver r[WAITERS];
static level_get_future get[WAITERS];
static level_changed_future changed[WAITERS];
static level_get_and_future get_and[WAITERS];
static level_changed_and_future changed_and[WAITERS];
static waiters w;
static uint8_t refused;

static void begin(void)
{
    waiters_begin(&w);
    l = (level){0};
    for (unsigned i = 0; i < WAITERS; i++) {
        level_receiver_init(&r[i], &l);
    }
}

static bool above(const uint8_t *value, void *limit)
{
    return *value > *(const uint8_t *)limit;
}

static bool below(const uint8_t *value, void *limit)
{
    return *value < *(const uint8_t *)limit;
}

static uint8_t five = 5;

/* Waits, polled once. */
static bool ask_get(unsigned i)
{
    waiters_start(&w, i, &level_get(&get[i], &r[i])->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_changed(unsigned i)
{
    waiters_start(&w, i, &level_changed(&changed[i], &r[i])->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_get_above(unsigned i, uint8_t *limit)
{
    waiters_start(&w, i, &level_get_and(&get_and[i], &r[i], above, limit)->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_changed_above(unsigned i, uint8_t *limit)
{
    waiters_start(&w, i, &level_changed_and(&changed_and[i], &r[i], above, limit)->future);
    return runner_poll(&w.runner[i]);
}

static bool changed_to(unsigned i, uint8_t value)
{
    uint8_t out;
    return level_try_changed(&r[i], &out) == EM_OK && out == value;
}

static bool has(unsigned i, uint8_t value)
{
    uint8_t out;
    return level_try_get(&r[i], &out) == EM_OK && out == value;
}

static bool unchanged(unsigned i)
{
    uint8_t out = 99;
    return level_try_changed(&r[i], &out) == EM_ERR_AGAIN && out == 99;
}

static bool woken(unsigned i, unsigned times)
{
    test_run();
    return w.runner[i].wakes == times;
}

/* -- upstream's -------------------------------------------------------------------------------------- */

/* multiple_sends */
static void each_new_value_is_had_once(void)
{
    begin();
    CHECK(unchanged(0));
    level_send(&l, 10);
    CHECK(ask_changed(0) && changed[0].out == 10 && unchanged(0));
    level_send(&l, 20);
    level_send(&l, 30);
    CHECK(changed_to(0, 30) && unchanged(0));
}

/* all_try_get */
static void watch_and_receiver_read_the_current_value(void)
{
    uint8_t out = 99;
    begin();
    CHECK(level_try_peek(&l, &out) == EM_ERR_AGAIN && level_try_get(&r[0], &out) == EM_ERR_AGAIN && out == 99);
    level_send(&l, 10);
    CHECK(level_try_peek(&l, &out) == EM_OK && out == 10 && has(0, 10));
    CHECK(level_try_peek_and(&l, above, &five, &out) == EM_OK && out == 10);
    CHECK(level_try_get_and(&r[0], above, &five, &out) == EM_OK && out == 10);
    out = 99;
    CHECK(level_try_peek_and(&l, below, &five, &out) == EM_ERR_AGAIN && out == 99);
    CHECK(level_try_get_and(&r[0], below, &five, &out) == EM_ERR_AGAIN && out == 99);
}

/* once_lock_like: pointers to statics are values like others. */
static void a_value_may_be_a_pointer(void)
{
    static const pair config0 = {10, 11};
    static const pair config1 = {20, 21};
    static pointer p;
    static pointer_receiver receiver;
    pointer_changed_future wait;
    const pair *out = NULL;
    begin();
    pointer_receiver_init(&receiver, &p);
    CHECK(pointer_try_changed(&receiver, &out) == EM_ERR_AGAIN);
    pointer_send(&p, &config0);
    waiters_start(&w, 0, &pointer_changed(&wait, &receiver)->future);
    CHECK(runner_poll(&w.runner[0]) && wait.out == &config0);
    pointer_send(&p, &config1);
    CHECK(pointer_try_changed(&receiver, &out) == EM_OK && out == &config1);
    CHECK(pointer_try_changed(&receiver, &out) == EM_ERR_AGAIN);
    CHECK(pointer_try_get(&receiver, &out) == EM_OK && out->second == 21);
}

static void add_five(uint8_t *value, bool *has_value, void *arg)
{
    (void)arg;
    if (*has_value) {
        *value = (uint8_t)(*value + 5);
    }
}

/* sender_modify */
static void a_value_modified_in_place_has_changed(void)
{
    begin();
    level_send(&l, 10);
    CHECK(changed_to(0, 10));
    level_send_modify(&l, add_five, NULL);
    CHECK(changed_to(0, 15) && unchanged(0));
}

/* predicate_fn */
static void predicates_choose_values_and_mark_what_they_accept(void)
{
    uint8_t out = 99;
    begin();
    level_send(&l, 15);
    CHECK(level_try_get_and(&r[0], above, &five, &out) == EM_OK && out == 15);
    CHECK(level_try_get_and(&r[0], below, &five, &out) == EM_ERR_AGAIN && unchanged(0));
    level_send(&l, 20);
    CHECK(level_try_changed_and(&r[0], above, &five, &out) == EM_OK && out == 20);
    CHECK(level_try_changed_and(&r[0], above, &five, &out) == EM_ERR_AGAIN);
    level_send(&l, 25);
    CHECK(level_try_changed_and(&r[0], below, &five, &out) == EM_ERR_AGAIN && changed_to(0, 25));
    level_send(&l, 30);
    CHECK(ask_changed_above(0, &five) && changed_and[0].out == 30);
    CHECK(ask_get_above(0, &five) && get_and[0].out == 30);
}

/* receive_after_create */
static void what_was_sent_before_is_a_change_to_a_new_receiver(void)
{
    static level_receiver late;
    uint8_t out;
    begin();
    level_send(&l, 10);
    level_receiver_init(&late, &l);
    CHECK(level_try_changed(&late, &out) == EM_OK && out == 10 && level_try_changed(&late, &out) == EM_ERR_AGAIN);
}

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

/* multiple_receivers: what is called an anonymous receiver there is one that never waits. */
static void all_receivers_see_a_send_once(void)
{
    begin();
    CHECK(unchanged(0) && unchanged(1));
    level_send(&l, 10);
    CHECK(changed_to(0, 10) && changed_to(1, 10) && unchanged(0) && unchanged(1));
}

/* clone_senders */
static void anybody_sends(void)
{
    level *other = &l;
    begin();
    level_send(&l, 10);
    CHECK(changed_to(0, 10));
    level_send(other, 20);
    CHECK(changed_to(0, 20) && unchanged(0));
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

/* contains_value */
static void whether_it_has_a_value(void)
{
    begin();
    CHECK(!level_contains_value(&l) && level_version(&l) == 0);
    level_send(&l, 10);
    CHECK(level_contains_value(&l) && level_version(&l) == 1);
    level_clear(&l);
    CHECK(!level_contains_value(&l) && level_version(&l) == 1);
}

/* -- more --------------------------------------------------------------------------------------------- */

static void an_initial_value_is_no_change(void)
{
    static level with = EM_WATCH_INIT(7);
    static both of_two = EM_WATCH_INIT({1, 2});
    level_receiver receiver;
    both_receiver receiver_of_two;
    pair out_of_two;
    uint8_t out = 99;
    begin();
    level_receiver_init(&receiver, &with);
    CHECK(level_contains_value(&with) && level_try_changed(&receiver, &out) == EM_ERR_AGAIN);
    CHECK(level_try_get(&receiver, &out) == EM_OK && out == 7);
    level_send(&with, 8);
    CHECK(level_try_changed(&receiver, &out) == EM_OK && out == 8);
    both_receiver_init(&receiver_of_two, &of_two);
    CHECK(both_try_get(&receiver_of_two, &out_of_two) == EM_OK && out_of_two.first == 1 && out_of_two.second == 2);
}

static void get_marks_as_seen_and_peek_does_not(void)
{
    uint8_t out;
    begin();
    level_send(&l, 10);
    CHECK(level_try_peek(&l, &out) == EM_OK && level_try_peek_and(&l, above, &five, &out) == EM_OK);
    CHECK(has(0, 10) && unchanged(0) && has(0, 10) && ask_get(1) && get[1].out == 10 && unchanged(1));
    CHECK(changed_to(2, 10));
}

/* Upstream's try_changed returns nothing then, but marks the version as seen. */
static void what_returns_no_value_marks_nothing(void)
{
    uint8_t out = 99;
    begin();
    level_send(&l, 10);
    level_clear(&l);
    CHECK(unchanged(0) && level_try_get(&r[0], &out) == EM_ERR_AGAIN && r[0].receiver.seen == 0);
    CHECK(!ask_changed(0) && r[0].receiver.seen == 0);
    runner_drop(&w.runner[0]);
    level_send(&l, 20);
    CHECK(level_try_changed_and(&r[0], below, &five, &out) == EM_ERR_AGAIN && r[0].receiver.seen == 0);
    CHECK(changed_to(0, 20));
}

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

static bool make_even(uint8_t *value, bool *has_value, void *arg)
{
    (void)arg;
    bool odd = *has_value && *value % 2;
    *value = (uint8_t)(*value + 1);
    return odd;
}

static void send_if_modified_tells_only_of_a_change(void)
{
    begin();
    CHECK(!level_send_if_modified(&l, make_even, NULL) && !level_contains_value(&l) && level_version(&l) == 0);
    level_send(&l, 10);
    CHECK(has(0, 10) && !ask_changed(0));
    CHECK(!level_send_if_modified(&l, make_even, NULL) && woken(0, 0) && has(0, 10) && level_version(&l) == 1);
    level_send(&l, 11);
    CHECK(level_send_if_modified(&l, make_even, NULL) && woken(0, 1) && runner_poll(&w.runner[0]));
    CHECK(changed[0].out == 12);
}

static void set_first(uint8_t *value, bool *has_value, void *arg)
{
    *has_value = !*has_value;
    *value = *(uint8_t *)arg;
}

static void a_modifier_may_make_and_take_away_the_value(void)
{
    begin();
    level_send_modify(&l, set_first, &five);
    CHECK(changed_to(0, 5));
    level_send_modify(&l, set_first, &five);
    CHECK(!level_contains_value(&l) && unchanged(0) && level_version(&l) == 2);
}

/* As an interrupt does that sends in between. */
static void send_once_then_double(uint8_t *value, bool *has_value, void *runs)
{
    (void)has_value;
    if (++*(unsigned *)runs == 1) {
        level_send(&l, 40);
    }
    *value = (uint8_t)(*value * 2);
}

static void clear_once_then_set(uint8_t *value, bool *has_value, void *runs)
{
    if (++*(unsigned *)runs == 1) {
        level_clear(&l);
    }
    *value = *has_value ? 1 : 2;
    *has_value = true;
}

static void a_modifier_that_was_overtaken_runs_again(void)
{
    unsigned runs = 0;
    begin();
    level_send(&l, 10);
    level_send_modify(&l, send_once_then_double, &runs);
    CHECK(runs == 2 && changed_to(0, 80) && level_version(&l) == 3);
    runs = 0;
    level_send_modify(&l, clear_once_then_set, &runs);
    CHECK(runs == 2 && changed_to(0, 2));
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
    TEST(each_new_value_is_had_once),
    TEST(watch_and_receiver_read_the_current_value),
    TEST(a_value_may_be_a_pointer),
    TEST(a_value_modified_in_place_has_changed),
    TEST(predicates_choose_values_and_mark_what_they_accept),
    TEST(what_was_sent_before_is_a_change_to_a_new_receiver),
    TEST(there_is_no_limit_on_receivers),
    TEST(all_receivers_see_a_send_once),
    TEST(anybody_sends),
    TEST(futures_of_any_type_work),
    TEST(whether_it_has_a_value),
    TEST(an_initial_value_is_no_change),
    TEST(get_marks_as_seen_and_peek_does_not),
    TEST(what_returns_no_value_marks_nothing),
    TEST(all_that_wait_are_woken_in_order_and_polled_twice),
    TEST(a_refused_value_is_waited_out),
    TEST(a_value_sent_while_the_predicate_looks_is_looked_at),
    TEST(accepting_a_value_does_not_mark_a_later_one),
    TEST(a_value_that_is_cleared_before_it_is_had_is_waited_for),
    TEST(send_if_modified_tells_only_of_a_change),
    TEST(a_modifier_may_make_and_take_away_the_value),
    TEST(a_modifier_that_was_overtaken_runs_again),
    TEST(a_wait_dropped_at_any_point_has_seen_nothing),
    TEST(a_wait_dropped_when_ready_has_seen_nothing),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The watch: every receiver sees the latest value, and knows whether it is a new one. Waits: test_watch_wait.c. */
#include "watches.h"

static bool below(const uint8_t *value, void *limit)
{
    return *value < *(const uint8_t *)limit;
}

static bool has(unsigned i, uint8_t value)
{
    uint8_t out;
    return level_try_get(&r[i], &out) == EM_OK && out == value;
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

static const em_test tests[] = {
    TEST(each_new_value_is_had_once),
    TEST(watch_and_receiver_read_the_current_value),
    TEST(a_value_may_be_a_pointer),
    TEST(a_value_modified_in_place_has_changed),
    TEST(predicates_choose_values_and_mark_what_they_accept),
    TEST(what_was_sent_before_is_a_change_to_a_new_receiver),
    TEST(all_receivers_see_a_send_once),
    TEST(anybody_sends),
    TEST(whether_it_has_a_value),
    TEST(an_initial_value_is_no_change),
    TEST(get_marks_as_seen_and_peek_does_not),
    TEST(what_returns_no_value_marks_nothing),
    TEST(send_if_modified_tells_only_of_a_change),
    TEST(a_modifier_may_make_and_take_away_the_value),
    TEST(a_modifier_that_was_overtaken_runs_again),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Publish and subscribe: each message reaches each subscriber once, and who lags is told so; waiting for one,
 * cancelled at every point. Publishers that wait: test_pubsub_publish.c.
 */
#include "fake_port.h"
#include "news.h"

#include <em/select.h>

struct report {
    uint64_t at;
    char text[40];
};
EM_PUBSUB_TYPE(reports, struct report, 2);

static news_next_message_future next4[WAITERS];
static news_next_message_pure_future pure4[WAITERS];

static void begin(void)
{
    waiters_begin(&w);
    n4 = (news){0};
}

/* A wait, polled once. */
static bool ask(unsigned i)
{
    waiters_start(&w, i, &news_next_message(&next4[i], &s4[i])->future);
    return runner_poll(&w.runner[i]);
}

static void a_zeroed_one_is_empty_and_has_no_subscribers(void)
{
    begin();
    CHECK(news_len(&n4) == 0 && news_free(&n4) == 4 && news_capacity(&n4) == 4 && news_subscribers(&n4) == 0);
    CHECK(news_is_empty(&n4) && !news_is_full(&n4) && news_subscribe(&s4[0], &n4) == &s4[0] && has_nothing(&s4[0]));
    CHECK(news_subscribers(&n4) == 1 && news_available(&s4[0]) == 0);
}

/* -- upstream's -------------------------------------------------------------------------------------- */

/* all_subscribers_receive */
static void all_subscribers_receive(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    news_subscribe(&s4[1], &n4);
    CHECK(news_try_publish(&n4, 42) == EM_OK);
    CHECK(ask(0) && next4[0].out.lagged == 0 && next4[0].out.message == 42);
    CHECK(ask(1) && next4[1].out.lagged == 0 && next4[1].out.message == 42);
    CHECK(has_nothing(&s4[0]) && has_nothing(&s4[1]));
}

/* lag_when_queue_full_on_immediate_publish */
static void who_lags_behind_immediate_publishes_learns_how_much(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    for (uint32_t i = 42; i <= 47; i++) {
        news_publish_immediate(&n4, i);
    }
    CHECK(news_available(&s4[0]) == 4 && has_missed(&s4[0], 2));
    CHECK(reads(&s4[0], 44) && reads(&s4[0], 45) && reads(&s4[0], 46) && reads(&s4[0], 47) && has_nothing(&s4[0]));
}

/* limited_subs_and_pubs, without the limits: more of both than messages; who leaves is counted out. */
static void there_is_no_limit_on_subscribers_or_publishers(void)
{
    static news_subscriber many[100];
    static news_publish_future publishes[100];
    begin();
    for (unsigned i = 0; i < 100; i++) {
        news_subscribe(&many[i], &n4);
        CHECK(news_subscribers(&n4) == i + 1);
    }
    for (uint32_t i = 0; i < 100; i++) {
        waiters_start(&w, 0, &news_publish(&publishes[i], &n4, i)->future);
        CHECK(runner_poll(&w.runner[0]));
        for (unsigned n = 0; n < 100; n++) {
            CHECK(reads(&many[n], i));
        }
    }
    for (unsigned i = 0; i < 100; i++) {
        news_unsubscribe(&many[i]);
    }
    CHECK(news_subscribers(&n4) == 0);
}

/* correct_available */
static void each_subscriber_has_its_own_number_of_unread_messages(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    for (uint32_t i = 0; i < 2; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK);
    }
    news_subscribe(&s4[1], &n4);
    CHECK(news_available(&s4[0]) == 2 && news_available(&s4[1]) == 0);
    CHECK(news_try_publish(&n4, 2) == EM_OK && news_available(&s4[0]) == 3 && news_available(&s4[1]) == 1);
    CHECK(reads(&s4[0], 0) && reads(&s4[1], 2) && news_available(&s4[0]) == 2 && news_available(&s4[1]) == 0);
    for (uint32_t i = 3; i < 8; i++) {
        news_publish_immediate(&n4, i);
    }
    CHECK(news_available(&s4[0]) == 4 && news_available(&s4[1]) == 4);
    CHECK(has_missed(&s4[0], 3) && has_missed(&s4[1], 1) && reads(&s4[1], 4) && news_available(&s4[1]) == 3);
}

/* correct_len */
static void length_and_free_space_follow_the_slowest_reader(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    news_subscribe(&s4[1], &n4);
    CHECK(news_len(&n4) == 0 && news_free(&n4) == 4);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK && news_len(&n4) == i + 1 && news_free(&n4) == 3 - i);
    }
    CHECK(reads(&s4[0], 0) && reads(&s4[0], 1) && news_len(&n4) == 3);
    CHECK(reads(&s4[1], 0) && news_len(&n4) == 2 && reads(&s4[1], 1) && news_len(&n4) == 1);
    CHECK(reads(&s4[1], 2) && news_len(&n4) == 1 && reads(&s4[0], 2) && news_len(&n4) == 0 && news_free(&n4) == 4);
}

/* empty_channel_when_last_subscriber_is_dropped */
static void what_nobody_will_read_any_more_leaves_the_queue(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    news_subscribe(&s4[1], &n4);
    for (uint32_t i = 0; i < 4; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK);
    }
    CHECK(reads(&s4[1], 0) && reads(&s4[1], 1) && news_is_full(&n4));
    news_unsubscribe(&s4[0]);
    CHECK(news_len(&n4) == 2 && news_available(&s4[1]) == 2 && reads(&s4[1], 2));
    news_unsubscribe(&s4[1]);
    CHECK(news_is_empty(&n4) && news_subscribers(&n4) == 0);
    news_subscribe(&s4[0], &n4);
    CHECK(has_nothing(&s4[0]) && news_try_publish(&n4, 9) == EM_OK && reads(&s4[0], 9));
}

/* skip_clone_for_last_message: C has copies only. Each has its own; with the last one's read the queue's is gone. */
static void each_reader_has_a_copy_and_the_last_takes_it_out(void)
{
    static reports r;
    reports_subscriber s[2];
    reports_result out[2];
    begin();
    reports_subscribe(&s[0], &r);
    reports_subscribe(&s[1], &r);
    CHECK(reports_try_publish(&r, (struct report){.at = 99, .text = "a message of 48 bytes"}) == EM_OK);
    CHECK(reports_try_next_message(&s[0], &out[0]) == EM_OK && reports_len(&r) == 1);
    out[0].message.text[0] = 'x';
    CHECK(reports_try_next_message(&s[1], &out[1]) == EM_OK && reports_len(&r) == 0);
    CHECK(out[1].message.at == 99 && out[1].message.text[0] == 'a' && out[1].message.text[20] == 's');
}

/* -- waiting ----------------------------------------------------------------------------------------- */

static void all_that_wait_are_woken_in_order_and_polled_twice(void)
{
    static runner r[3];
    static const char *const names[] = {"a", "b", "c"};
    begin();
    for (unsigned i = 0; i < 3; i++) {
        runner_start(&r[i], names[i], &news_next_message(&next4[i], news_subscribe(&s4[i], &n4))->future);
    }
    test_run();
    CHECK_TRACE("");
    news_publish_immediate(&n4, 5);
    test_run();
    CHECK_TRACE("a b c");
    for (unsigned i = 0; i < 3; i++) {
        CHECK(r[i].polls == 2 && r[i].wakes == 2 && next4[i].out.message == 5);
    }
    CHECK(news_is_empty(&n4));
}

static void clear_is_told_to_who_has_not_read(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    news_subscribe(&s4[1], &n4);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK && reads(&s4[1], i));
    }
    news_clear(&n4);
    CHECK(news_is_empty(&n4) && news_available(&s4[0]) == 0 && has_nothing(&s4[1]) && has_missed(&s4[0], 3));
    CHECK(has_nothing(&s4[0]) && news_try_publish(&n4, 3) == EM_OK && reads(&s4[0], 3) && reads(&s4[1], 3));
}

static void a_pure_wait_skips_what_was_missed(void)
{
    uint32_t out = 7;
    begin();
    news_subscribe(&s4[0], &n4);
    for (uint32_t i = 0; i < 6; i++) {
        news_publish_immediate(&n4, i);
    }
    CHECK(news_try_next_message_pure(&s4[0], &out) == EM_OK && out == 2);
    news_publish_immediate(&n4, 6);
    news_publish_immediate(&n4, 7);
    waiters_start(&w, 0, &news_next_message_pure(&pure4[0], &s4[0])->future);
    CHECK(runner_poll(&w.runner[0]) && pure4[0].out == 4);
    news_clear(&n4);
    CHECK(news_try_next_message_pure(&s4[0], &out) == EM_ERR_AGAIN && out == 2 && has_nothing(&s4[0]));
}

static void a_pure_wait_goes_on_when_its_message_was_cleared(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    waiters_start(&w, 0, &news_next_message_pure(&pure4[0], &s4[0])->future);
    CHECK(!runner_poll(&w.runner[0]));
    news_publish_immediate(&n4, 1);
    news_clear(&n4);
    CHECK(woken(0, 1) && !runner_poll(&w.runner[0]));
    news_publish_immediate(&n4, 2);
    CHECK(woken(0, 2) && runner_poll(&w.runner[0]) && pure4[0].out == 2);
}

static void a_wait_whose_message_was_cleared_is_told_so(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    CHECK(!ask(0));
    news_publish_immediate(&n4, 1);
    news_clear(&n4);
    CHECK(runner_poll(&w.runner[0]) && next4[0].out.lagged == 1);
}

/* As an ISR does: the wait goes on, and those behind it are woken. */
static void a_message_may_be_taken_from_under_a_wait(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    news_subscribe(&s4[1], &n4);
    CHECK(!ask(0) && !ask(1));
    news_publish_immediate(&n4, 1);
    CHECK(reads(&s4[0], 1) && woken(0, 1) && !runner_poll(&w.runner[0]));
    CHECK(woken(1, 1) && runner_poll(&w.runner[1]) && news_is_empty(&n4));
    news_publish_immediate(&n4, 2);
    CHECK(woken(0, 2) && runner_poll(&w.runner[0]) && next4[0].out.message == 2);
}

/* -- cancellation ------------------------------------------------------------------------------------ */

static void a_wait_dropped_at_any_point_has_taken_nothing(void)
{
    begin();
    news_subscribe(&s4[0], &n4);
    news_subscribe(&s4[1], &n4);
    waiters_start(&w, 0, &news_next_message(&next4[0], &s4[0])->future);
    runner_drop(&w.runner[0]); /* before its first poll */
    CHECK(!ask(0) && !ask(1));
    runner_drop(&w.runner[0]); /* while it waits */
    CHECK(!ask(0));
    news_publish_immediate(&n4, 1);
    runner_drop(&w.runner[0]); /* after it was woken */
    CHECK(woken(1, 1) && runner_poll(&w.runner[1]) && reads(&s4[0], 1) && news_is_empty(&n4));
}

/* A message is there, but a left arm is ready: it is there for the next. */
static void a_wait_dropped_when_ready_has_taken_nothing(void)
{
    em_select2 select;
    probe other;
    begin();
    news_subscribe(&s4[0], &n4);
    news_publish_immediate(&n4, 1);
    em_future *arms[] = {probe_init(&other, 'o'), &news_next_message(&next4[0], &s4[0])->future};
    other.fired = true;
    em_select_init_(&select.base, 2, arms);
    waiters_start(&w, 0, &select.future);
    CHECK(runner_poll(&w.runner[0]) && reads(&s4[0], 1));
}

static void who_is_not_subscribed_cannot_read(void)
{
    news_subscriber s = {0};
    news_result out;
    begin();
    news_unsubscribe(&s); /* nothing */
    CHECK(PANICS(EM_ASSERT(news_try_next_message(&s, &out) == EM_OK)));
    news_subscribe(&s, &n4);
    news_unsubscribe(&s);
    news_unsubscribe(&s);
    CHECK(news_subscribers(&n4) == 0 && PANICS((void)news_available(&s)));
}

static const em_test tests[] = {
    TEST(a_zeroed_one_is_empty_and_has_no_subscribers),
    TEST(all_subscribers_receive),
    TEST(who_lags_behind_immediate_publishes_learns_how_much),
    TEST(there_is_no_limit_on_subscribers_or_publishers),
    TEST(each_subscriber_has_its_own_number_of_unread_messages),
    TEST(length_and_free_space_follow_the_slowest_reader),
    TEST(what_nobody_will_read_any_more_leaves_the_queue),
    TEST(each_reader_has_a_copy_and_the_last_takes_it_out),
    TEST(all_that_wait_are_woken_in_order_and_polled_twice),
    TEST(clear_is_told_to_who_has_not_read),
    TEST(a_pure_wait_skips_what_was_missed),
    TEST(a_pure_wait_goes_on_when_its_message_was_cleared),
    TEST(a_wait_whose_message_was_cleared_is_told_so),
    TEST(a_message_may_be_taken_from_under_a_wait),
    TEST(a_wait_dropped_at_any_point_has_taken_nothing),
    TEST(a_wait_dropped_when_ready_has_taken_nothing),
    TEST(who_is_not_subscribed_cannot_read),
};

int main(void)
{
    RUN_TESTS(tests);
}

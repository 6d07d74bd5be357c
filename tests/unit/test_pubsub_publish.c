/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Publishing to a full queue: publishers go on in order as the slowest reads; cancellation at every point. */
#include "news.h"

EM_PUBSUB_TYPE(single, uint32_t, 1);

static single n1;
static single_subscriber s1[WAITERS];
static single_next_message_future next1[WAITERS];
static single_publish_future publish1[WAITERS];

static void begin(void)
{
    waiters_begin(&w);
    n4 = (news){0};
    n1 = (single){0};
}

static bool ask1(unsigned i, single_subscriber *s)
{
    waiters_start(&w, i, &single_next_message(&next1[i], s)->future);
    return runner_poll(&w.runner[i]);
}

static bool publish(unsigned i, uint32_t message)
{
    waiters_start(&w, i, &single_publish(&publish1[i], &n1, message)->future);
    return runner_poll(&w.runner[i]);
}

static bool reads1(single_subscriber *s, uint32_t message)
{
    single_result out = {.lagged = 7};
    return single_try_next_message(s, &out) == EM_OK && out.lagged == 0 && out.message == message;
}

/* -- upstream's -------------------------------------------------------------------------------------- */

/* dyn_pub_sub_works: by pointers that know neither T nor N. */
static void futures_of_any_type_work(void)
{
    em_future *any[3];
    begin();
    any[0] = &single_publish(&publish1[0], &n1, 42)->future;
    any[1] = &single_next_message(&next1[1], single_subscribe(&s1[0], &n1))->future;
    any[2] = &single_next_message(&next1[2], single_subscribe(&s1[1], &n1))->future;
    for (unsigned i = 0; i < 3; i++) {
        waiters_start(&w, i, any[i]);
        CHECK(runner_poll(&w.runner[i]));
    }
    CHECK(next1[1].out.message == 42 && next1[2].out.message == 42);
    CHECK(!ask1(1, &s1[0]) && !ask1(2, &s1[1]));
    runner_drop(&w.runner[1]);
    runner_drop(&w.runner[2]);
}

/* publisher_wait_on_full_queue */
static void publishing_fails_when_full_and_only_then(void)
{
    begin();
    for (uint32_t i = 0; i < 10; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK && news_is_empty(&n4));
    }
    news_subscribe(&s4[0], &n4);
    for (uint32_t i = 0; i < 4; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK);
    }
    CHECK(news_try_publish(&n4, 9) == EM_ERR_AGAIN && news_is_full(&n4) && reads(&s4[0], 0));
    CHECK(news_try_publish(&n4, 4) == EM_OK && reads(&s4[0], 1));
}

/* -- waiting ----------------------------------------------------------------------------------------- */

static void publishers_go_in_order_as_the_slowest_reads(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    single_subscribe(&s1[1], &n1);
    CHECK(publish(0, 10) && !publish(1, 11) && !publish(2, 12));
    CHECK(reads1(&s1[0], 10) && woken(1, 0) && reads1(&s1[1], 10));
    CHECK(woken(1, 1) && woken(2, 0) && single_try_publish(&n1, 13) == EM_ERR_AGAIN && !runner_poll(&w.runner[2]));
    CHECK(!publish(3, 13) && runner_poll(&w.runner[1]) && woken(2, 0));
    CHECK(reads1(&s1[0], 11) && reads1(&s1[1], 11) && woken(2, 1) && runner_poll(&w.runner[2]));
    CHECK(reads1(&s1[1], 12) && reads1(&s1[0], 12) && woken(3, 1) && runner_poll(&w.runner[3]));
    CHECK(reads1(&s1[1], 13) && reads1(&s1[0], 13) && single_try_publish(&n1, 14) == EM_OK);
}

/* Room for all comes at once: each lets the next go on. */
static void publishers_pass_the_room_on(void)
{
    static news_publish_future publishes[3];
    static runner r[3];
    static const char *const names[] = {"a", "b", "c"};
    begin();
    news_subscribe(&s4[0], &n4);
    for (uint32_t i = 0; i < 4; i++) {
        CHECK(news_try_publish(&n4, i) == EM_OK);
    }
    for (unsigned i = 0; i < 3; i++) {
        runner_start(&r[i], names[i], &news_publish(&publishes[i], &n4, 10 + i)->future);
    }
    test_run();
    CHECK_TRACE("");
    news_clear(&n4);
    test_run();
    CHECK_TRACE("a b c");
    CHECK(r[0].polls == 2 && r[1].polls == 2 && r[2].polls == 2 && has_missed(&s4[0], 4));
    CHECK(reads(&s4[0], 10) && reads(&s4[0], 11) && reads(&s4[0], 12) && has_nothing(&s4[0]));
}

static void an_immediate_publish_overtakes_and_the_first_stays_the_first(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    CHECK(publish(0, 10) && !publish(1, 11) && !publish(2, 12) && reads1(&s1[0], 10) && woken(1, 1));
    single_publish_immediate(&n1, 20); /* before the first was polled */
    CHECK(!runner_poll(&w.runner[1]) && !runner_poll(&w.runner[2]) && reads1(&s1[0], 20));
    CHECK(woken(1, 2) && woken(2, 0) && runner_poll(&w.runner[1]) && reads1(&s1[0], 11));
    CHECK(runner_poll(&w.runner[2]) && reads1(&s1[0], 12));
}

static void unsubscribing_lets_publishers_go_on(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    single_subscribe(&s1[1], &n1);
    CHECK(publish(0, 10) && !publish(1, 11) && !publish(2, 12) && reads1(&s1[1], 10));
    single_unsubscribe(&s1[0]);
    CHECK(woken(1, 1) && runner_poll(&w.runner[1]) && woken(2, 0));
    single_unsubscribe(&s1[1]); /* nobody is left: all go */
    CHECK(woken(2, 1) && runner_poll(&w.runner[2]) && single_is_empty(&n1) && publish(3, 13));
}

static void the_last_subscriber_s_leaving_lets_all_publishers_go(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    CHECK(publish(0, 10) && !publish(1, 11) && !publish(2, 12) && !publish(3, 13));
    single_unsubscribe(&s1[0]);
    for (unsigned i = 1; i < 4; i++) {
        CHECK(woken(i, 1) && runner_poll(&w.runner[i]));
    }
    CHECK(single_is_empty(&n1));
}

/* -- cancellation ------------------------------------------------------------------------------------ */

static void a_publish_dropped_before_its_first_poll_publishes_nothing(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    waiters_start(&w, 0, &single_publish(&publish1[0], &n1, 10)->future);
    runner_drop(&w.runner[0]);
    CHECK(single_is_empty(&n1) && single_available(&s1[0]) == 0);
}

static void a_publish_dropped_while_it_waits_publishes_nothing(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    CHECK(publish(0, 10) && !publish(1, 11) && !publish(2, 12) && !publish(3, 13));
    runner_drop(&w.runner[2]);
    CHECK(reads1(&s1[0], 10) && runner_poll(&w.runner[1]) && reads1(&s1[0], 11));
    CHECK(woken(3, 1) && runner_poll(&w.runner[3]) && reads1(&s1[0], 13) && single_is_empty(&n1));
}

static void a_publish_dropped_after_it_was_woken_lets_the_next_go_on(void)
{
    begin();
    single_subscribe(&s1[0], &n1);
    CHECK(publish(0, 10) && !publish(1, 11) && !publish(2, 12) && reads1(&s1[0], 10) && woken(1, 1));
    runner_drop(&w.runner[1]);
    CHECK(woken(2, 1) && single_try_publish(&n1, 13) == EM_ERR_AGAIN && runner_poll(&w.runner[2]));
    CHECK(reads1(&s1[0], 12) && single_try_publish(&n1, 13) == EM_OK);
}

static const em_test tests[] = {
    TEST(futures_of_any_type_work),
    TEST(publishing_fails_when_full_and_only_then),
    TEST(publishers_go_in_order_as_the_slowest_reads),
    TEST(publishers_pass_the_room_on),
    TEST(an_immediate_publish_overtakes_and_the_first_stays_the_first),
    TEST(unsubscribing_lets_publishers_go_on),
    TEST(the_last_subscriber_s_leaving_lets_all_publishers_go),
    TEST(a_publish_dropped_before_its_first_poll_publishes_nothing),
    TEST(a_publish_dropped_while_it_waits_publishes_nothing),
    TEST(a_publish_dropped_after_it_was_woken_lets_the_next_go_on),
};

int main(void)
{
    RUN_TESTS(tests);
}

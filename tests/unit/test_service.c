/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Services: answers, order on both sides, withdrawn requests, late replies, servers that end, posts. */
#include "waiters.h"

#include <em/service.h>

struct nothing {
};

EM_SERVICE_TYPE(doubler, int, long);
EM_SERVICE_TYPE(bell, struct nothing, struct nothing);

static doubler service;
static doubler_call_future call[WAITERS];
static doubler_next_future next[WAITERS];
static doubler_job job[WAITERS];
static waiters c, s;

static void begin(void)
{
    waiters_begin(&c);
    waiters_begin(&s);
    service = (doubler){0};
}

/* Start one and poll it once. */
static bool calls(unsigned i, int request)
{
    waiters_start(&c, i, &doubler_call(&call[i], &service, request)->future);
    return runner_poll(&c.runner[i]);
}

static bool serves(unsigned i)
{
    waiters_start(&s, i, &doubler_next(&next[i], &service)->future);
    return runner_poll(&s.runner[i]);
}

static int reply(const doubler_job *j)
{
    return doubler_reply(&service, j, 2l * j->request);
}

/* Answered: i is woken once more, and ready with this. */
static bool answered(unsigned i, long out)
{
    unsigned before = c.runner[i].wakes;
    test_run();
    return c.runner[i].wakes == before + 1 && runner_poll(&c.runner[i]) && call[i].out == out;
}

static void a_call_is_answered(void)
{
    begin();
    CHECK(!calls(0, 21) && doubler_len(&service) == 1);
    CHECK(serves(0) && next[0].out.request == 21 && doubler_len(&service) == 0);
    CHECK(doubler_is_wanted(&service, &next[0].out) && !runner_poll(&c.runner[0]));
    CHECK(reply(&next[0].out) == EM_OK && answered(0, 42));
    CHECK(!doubler_is_wanted(&service, &next[0].out) && reply(&next[0].out) == EM_ERR_CANCELED);
}

static void a_server_waits_for_a_call(void)
{
    begin();
    CHECK(!serves(0) && !calls(0, 1));
    test_run();
    CHECK(s.runner[0].wakes == 1 && runner_poll(&s.runner[0]) && reply(&next[0].out) == EM_OK && answered(0, 2));
}

static void requests_and_answers_may_be_empty(void)
{
    static bell b;
    static bell_call_future ring;
    static bell_next_future hear;
    struct nothing nothing = {};
    begin();
    waiters_start(&c, 0, &bell_call(&ring, &b, nothing)->future);
    waiters_start(&s, 0, &bell_next(&hear, &b)->future);
    CHECK(!runner_poll(&c.runner[0]) && runner_poll(&s.runner[0]));
    CHECK(bell_reply(&b, &hear.out, nothing) == EM_OK && runner_poll(&c.runner[0]));
}

static void requests_are_served_in_the_order_of_the_calls(void)
{
    begin();
    for (unsigned i = 0; i < WAITERS; i++) {
        CHECK(!calls(i, (int)i));
    }
    CHECK(!runner_poll(&c.runner[3])); /* spuriously */
    for (unsigned i = 0; i < WAITERS; i++) {
        CHECK(doubler_try_next(&service, &job[i]) == EM_OK && job[i].request == (int)i);
    }
    CHECK(doubler_try_next(&service, &job[0]) == EM_ERR_AGAIN && job[0].request == 0);
    for (unsigned i = WAITERS; i-- > 0;) { /* answered in any order */
        CHECK(reply(&job[i]) == EM_OK && answered(i, 2l * i) && c.runner[i].polls <= 3);
    }
}

static void servers_take_turns_in_the_order_of_their_waits(void)
{
    begin();
    CHECK(!serves(0) && !serves(1) && !serves(2) && !calls(0, 10));
    test_run();
    CHECK(s.runner[0].wakes == 1 && s.runner[1].wakes == 0);
    CHECK(doubler_try_next(&service, &job[0]) == EM_ERR_AGAIN && !serves(3)); /* nobody overtakes */
    CHECK(!runner_poll(&s.runner[1]) && !calls(1, 11));
    test_run();
    CHECK(s.runner[1].wakes == 1 && s.runner[2].wakes == 0);
    CHECK(runner_poll(&s.runner[1]) && next[1].out.request == 10); /* who looks first has the older one */
    CHECK(runner_poll(&s.runner[0]) && next[0].out.request == 11);
    CHECK(reply(&next[1].out) == EM_OK && answered(0, 20) && reply(&next[0].out) == EM_OK && answered(1, 22));
}

/* -- clients that are cancelled --------------------------------------------------------------------- */

static void a_call_dropped_before_its_first_poll_was_never_made(void)
{
    begin();
    waiters_start(&c, 0, &doubler_call(&call[0], &service, 1)->future);
    runner_drop(&c.runner[0]);
    CHECK(doubler_len(&service) == 0 && !serves(0) && !calls(1, 2));
    CHECK(runner_poll(&s.runner[0]) && next[0].out.request == 2);
}

static void a_call_dropped_before_it_is_served_is_withdrawn(void)
{
    begin();
    CHECK(!calls(0, 1) && !calls(1, 2) && !calls(2, 3));
    runner_drop(&c.runner[1]);
    runner_drop(&c.runner[0]);
    CHECK(doubler_len(&service) == 1 && serves(0) && next[0].out.request == 3);
    CHECK(reply(&next[0].out) == EM_OK && answered(2, 6));
}

static void a_server_woken_for_a_withdrawn_request_is_first_again(void)
{
    begin();
    CHECK(!serves(0) && !serves(1) && !calls(0, 1));
    runner_drop(&c.runner[0]);
    test_run();
    CHECK(s.runner[0].wakes == 1 && !runner_poll(&s.runner[0]) && !calls(1, 2));
    test_run();
    CHECK(s.runner[0].wakes == 2 && s.runner[1].wakes == 0 && runner_poll(&s.runner[0]) && next[0].out.request == 2);
}

static void the_reply_to_a_call_dropped_while_it_is_served_is_dropped(void)
{
    begin();
    CHECK(!calls(0, 1) && serves(0));
    runner_drop(&c.runner[0]);
    call[0].out = 77;
    CHECK(!doubler_is_wanted(&service, &next[0].out) && reply(&next[0].out) == EM_ERR_CANCELED && call[0].out == 77);
    CHECK(!calls(1, 5) && serves(1) && reply(&next[1].out) == EM_OK && answered(1, 10)); /* nothing is blocked */
}

static void a_late_reply_does_not_reach_the_next_call_in_the_same_storage(void)
{
    begin();
    CHECK(!calls(0, 1) && serves(0));
    runner_drop(&c.runner[0]);
    CHECK(!calls(0, 8));
    CHECK(reply(&next[0].out) == EM_ERR_CANCELED && serves(1) && reply(&next[0].out) == EM_ERR_CANCELED);
    CHECK(reply(&next[1].out) == EM_OK && answered(0, 16));
}

static void a_call_dropped_after_it_was_answered_loses_the_answer_only(void)
{
    begin();
    CHECK(!calls(0, 1) && serves(0) && reply(&next[0].out) == EM_OK);
    runner_drop(&c.runner[0]);
    CHECK(doubler_len(&service) == 0 && !calls(0, 3) && serves(0) && reply(&next[0].out) == EM_OK && answered(0, 6));
}

/* -- servers that are cancelled --------------------------------------------------------------------- */

static void a_server_dropped_while_it_waits_is_forgotten(void)
{
    begin();
    waiters_start(&s, 2, &doubler_next(&next[2], &service)->future);
    runner_drop(&s.runner[2]); /* not even polled */
    CHECK(!serves(0) && !serves(1));
    runner_drop(&s.runner[0]);
    CHECK(!calls(0, 1));
    test_run();
    CHECK(s.runner[0].wakes == 0 && s.runner[1].wakes == 1 && runner_poll(&s.runner[1]));
}

static void a_server_dropped_after_it_was_woken_passes_the_request_on(void)
{
    begin();
    CHECK(!serves(0) && !serves(1) && !calls(0, 1));
    runner_drop(&s.runner[0]);
    test_run();
    CHECK(s.runner[1].wakes == 1);
    runner_drop(&s.runner[1]);
    CHECK(doubler_len(&service) == 1 && serves(2) && next[2].out.request == 1);
}

static void a_request_that_is_put_back_is_the_next(void)
{
    begin();
    CHECK(!calls(0, 1) && !calls(1, 2) && serves(0) && next[0].out.request == 1);
    doubler_put_back(&service, &next[0].out);
    CHECK(doubler_len(&service) == 2 && !runner_poll(&c.runner[0]) && reply(&next[0].out) == EM_ERR_CANCELED);
    CHECK(serves(1) && next[1].out.request == 1 && serves(2) && next[2].out.request == 2);
    doubler_put_back(&service, &next[0].out); /* of another life: nothing happens */
    CHECK(doubler_len(&service) == 0 && reply(&next[1].out) == EM_OK && answered(0, 2));
    doubler_put_back(&service, &next[1].out); /* answered */
    CHECK(doubler_len(&service) == 0 && !serves(3));
    doubler_put_back(&service, &next[2].out);
    test_run();
    CHECK(s.runner[3].wakes == 1 && runner_poll(&s.runner[3]) && reply(&next[3].out) == EM_OK && answered(1, 4));
}

static void a_call_that_was_put_back_can_be_withdrawn(void)
{
    begin();
    CHECK(!calls(0, 1) && serves(0));
    doubler_put_back(&service, &next[0].out);
    runner_drop(&c.runner[0]);
    CHECK(doubler_len(&service) == 0 && !serves(1) && reply(&next[0].out) == EM_ERR_CANCELED);
}

static void a_server_may_come_and_go_many_times(void)
{
    begin();
    CHECK(!calls(0, 4));
    for (unsigned i = 0; i < 100; i++) {
        CHECK(serves(i % WAITERS) && next[i % WAITERS].out.request == 4);
        doubler_put_back(&service, &next[i % WAITERS].out);
    }
    CHECK(serves(0) && reply(&next[0].out) == EM_OK && answered(0, 8));
}

/* -- posts ------------------------------------------------------------------------------------------ */

static void a_post_waits_for_no_answer(void)
{
    static doubler_call_future post;
    begin();
    post = (doubler_call_future){.out = 0};
    CHECK(!serves(0) && doubler_post(&post, &service, 5) == EM_OK && doubler_post(&post, &service, 6) == EM_ERR_BUSY);
    test_run();
    CHECK(s.runner[0].wakes == 1 && runner_poll(&s.runner[0]) && next[0].out.request == 5);
    CHECK(doubler_post(&post, &service, 6) == EM_ERR_BUSY && reply(&next[0].out) == EM_OK);
    CHECK(doubler_post(&post, &service, 6) == EM_OK && serves(0) && next[0].out.request == 6);
    doubler_put_back(&service, &next[0].out);
    CHECK(doubler_try_next(&service, &job[0]) == EM_OK && job[0].request == 6 && reply(&job[0]) == EM_OK);
}

static const em_test tests[] = {
    TEST(a_call_is_answered),
    TEST(a_server_waits_for_a_call),
    TEST(requests_and_answers_may_be_empty),
    TEST(requests_are_served_in_the_order_of_the_calls),
    TEST(servers_take_turns_in_the_order_of_their_waits),
    TEST(a_call_dropped_before_its_first_poll_was_never_made),
    TEST(a_call_dropped_before_it_is_served_is_withdrawn),
    TEST(a_server_woken_for_a_withdrawn_request_is_first_again),
    TEST(the_reply_to_a_call_dropped_while_it_is_served_is_dropped),
    TEST(a_late_reply_does_not_reach_the_next_call_in_the_same_storage),
    TEST(a_call_dropped_after_it_was_answered_loses_the_answer_only),
    TEST(a_server_dropped_while_it_waits_is_forgotten),
    TEST(a_server_dropped_after_it_was_woken_passes_the_request_on),
    TEST(a_request_that_is_put_back_is_the_next),
    TEST(a_call_that_was_put_back_can_be_withdrawn),
    TEST(a_server_may_come_and_go_many_times),
    TEST(a_post_waits_for_no_answer),
};

int main(void)
{
    RUN_TESTS(tests);
}

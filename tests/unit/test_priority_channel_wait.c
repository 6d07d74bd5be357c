/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Waiting at a priority channel: in order; removing wakes senders; who was woken for what is gone is not forgotten. */
#include "three.h"
#include "waiters.h"

EM_PRIORITY_CHANNEL_TYPE(one, uint32_t, 1, EM_MAX_FIRST);

static one c1;
static three_send_future sends[WAITERS];
static three_receive_future receives[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    c = (three){0};
    c1 = (one){0};
}

static bool start(unsigned i, em_future *f)
{
    waiters_start(&w, i, f);
    return runner_poll(&w.runner[i]);
}

static bool ask_send(unsigned i, uint32_t value)
{
    return start(i, &three_send(&sends[i], &c, value)->future);
}

static bool ask_receive(unsigned i)
{
    return start(i, &three_receive(&receives[i], &c)->future);
}

static unsigned wakes(unsigned i)
{
    test_run();
    return w.runner[i].wakes;
}

/* -- upstream's tests ------------------------------------------------------------------------------- */

static void receiver_receives_given_try_send(void)
{
    begin();
    CHECK(!ask_receive(0) && three_try_send(&c, 1) == EM_OK);
    CHECK(wakes(0) == 1 && runner_poll(&w.runner[0]) && receives[0].out == 1);
}

static void sender_send_completes_if_capacity(void)
{
    static one_send_future send;
    static one_receive_future receive;
    begin();
    CHECK(start(0, &one_send(&send, &c1, 1)->future) && one_is_full(&c1));
    CHECK(start(0, &one_receive(&receive, &c1)->future) && receive.out == 1);
}

static void senders_sends_wait_until_capacity(void)
{
    static one_send_future send[2];
    uint32_t out;
    begin();
    CHECK(one_try_send(&c1, 1) == EM_OK);
    CHECK(!start(0, &one_send(&send[0], &c1, 2)->future) && !start(1, &one_send(&send[1], &c1, 3)->future));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 1 && wakes(0) == 1 && runner_poll(&w.runner[0]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 2 && wakes(1) == 1 && runner_poll(&w.runner[1]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 3);
}

/* -- waiting ---------------------------------------------------------------------------------------- */

static void receivers_are_served_in_order_and_take_what_comes_first(void)
{
    begin();
    CHECK(!ask_receive(0) && !ask_receive(1));
    CHECK(three_try_send(&c, 1) == EM_OK && wakes(0) == 1 && wakes(1) == 0);
    CHECK(three_try_send(&c, 9) == EM_OK && wakes(1) == 1 && three_try_send(&c, 5) == EM_OK);
    CHECK(runner_poll(&w.runner[0]) && receives[0].out == 9 && runner_poll(&w.runner[1]) && receives[1].out == 5);
    CHECK(gives(1));
}

static void nobody_overtakes(void)
{
    uint32_t out;
    begin();
    CHECK(!ask_receive(0) && three_try_send(&c, 1) == EM_OK);
    CHECK(three_try_receive(&c, &out) == EM_ERR_AGAIN && three_try_peek(&c, &out) == EM_ERR_AGAIN && !ask_receive(1));
    CHECK(runner_poll(&w.runner[0]) && fill(1, 2, 3) && wakes(1) == 1 && gives(3) && gives(2) && !ask_receive(2));
    CHECK(runner_poll(&w.runner[1]) && receives[1].out == 1);
    CHECK(three_try_send(&c, 4) == EM_OK && wakes(2) == 1 && runner_poll(&w.runner[2]));
    CHECK(fill(1, 2, 3) && !ask_send(3, 4) && gives(3));
    CHECK(three_try_send(&c, 5) == EM_ERR_AGAIN && !ask_send(4, 5) && runner_poll(&w.runner[3]) && gives(4));
}

static void dropped_waits_pass_on_what_they_were_handed(void)
{
    begin();
    CHECK(!ask_receive(0) && !ask_receive(1) && three_try_send(&c, 1) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(wakes(1) == 1);
    runner_drop(&w.runner[1]);
    CHECK(fill(2, 3, 4) == false && three_len(&c) == 3 && !ask_send(0, 5) && !ask_send(1, 6) && gives(3));
    runner_drop(&w.runner[0]);
    CHECK(wakes(1) == 2 && runner_poll(&w.runner[1]) && gives(6) && gives(2) && gives(1) && three_is_empty(&c));
}

static void waiters_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin();
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &three_receive(&receives[i], &c)->future);
    }
    test_run();
    CHECK(three_try_send(&c, 1) == EM_OK);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    CHECK(three_try_send(&c, 1) == EM_OK);
    test_run();
    CHECK(r[1].ready && r[1].polls == 2);
}

static void who_watches_is_told(void)
{
    static three_ready_to_receive_future to_receive;
    static three_ready_to_send_future to_send;
    begin();
    CHECK(!start(0, &three_ready_to_receive(&to_receive, &c)->future) && fill(1, 2, 3) && wakes(0) == 1);
    CHECK(runner_poll(&w.runner[0]) && !start(1, &three_ready_to_send(&to_send, &c)->future));
    CHECK(remove_value(2) && wakes(1) == 1 && runner_poll(&w.runner[1]) && gives(3) && gives(1));
}

/* -- removing --------------------------------------------------------------------------------------- */

/* Upstream loses these wakes: its remove_if wakes nobody, and a receive only when it was full. */
static void remove_if_wakes_a_sender_for_each_place(void)
{
    begin();
    CHECK(fill(1, 2, 3) && !ask_send(0, 4) && !ask_send(1, 5) && !ask_send(2, 6));
    CHECK(three_remove_if(&c, is_any, NULL) == 3 && three_is_empty(&c));
    for (unsigned i = 0; i < 3; i++) {
        CHECK(wakes(i) == 1 && runner_poll(&w.runner[i]));
    }
    CHECK(gives(6) && gives(5) && gives(4));
}

static void clear_wakes_senders_and_removes_all(void)
{
    begin();
    CHECK(fill(1, 2, 3) && !ask_send(0, 4) && !ask_send(1, 5));
    three_clear(&c);
    CHECK(three_is_empty(&c) && wakes(0) == 1 && wakes(1) == 1);
    CHECK(runner_poll(&w.runner[0]) && runner_poll(&w.runner[1]) && gives(5) && gives(4));
    three_clear(&c);
    CHECK(fill(1, 2, 3));
}

/* Two were woken for two values, a third waits. Both values are removed. */
static bool two_woken_in_vain(void)
{
    EXPECT(!ask_receive(0) && !ask_receive(1) && !ask_receive(2));
    EXPECT(three_try_send(&c, 1) == EM_OK && three_try_send(&c, 2) == EM_OK && wakes(0) == 1 && wakes(1) == 1);
    three_clear(&c);
    EXPECT(three_is_empty(&c));
    return true;
}

static void who_was_woken_for_what_is_gone_waits_in_front(void)
{
    begin();
    CHECK(two_woken_in_vain() && !runner_poll(&w.runner[0]) && !runner_poll(&w.runner[1]));
    CHECK(three_try_send(&c, 3) == EM_OK && wakes(0) == 2 && runner_poll(&w.runner[0]) && receives[0].out == 3);
    CHECK(!ask_receive(3) && three_try_send(&c, 4) == EM_OK && wakes(1) == 2 && runner_poll(&w.runner[1]));
    CHECK(three_try_send(&c, 5) == EM_OK && wakes(2) == 1 && runner_poll(&w.runner[2]));
    CHECK(three_try_send(&c, 6) == EM_OK && wakes(3) == 1 && runner_poll(&w.runner[3]));
}

static void what_comes_before_they_look_is_theirs(void)
{
    begin();
    CHECK(two_woken_in_vain() && three_try_send(&c, 3) == EM_OK && wakes(2) == 0);
    CHECK(runner_poll(&w.runner[0]) && receives[0].out == 3 && !runner_poll(&w.runner[1]));
    CHECK(three_try_send(&c, 4) == EM_OK && wakes(1) == 2 && wakes(2) == 0 && runner_poll(&w.runner[1]));
}

/* A drop of one that was woken in vain, before it looks and while it waits in front. */
static void woken_in_vain_and_dropped(void)
{
    begin();
    CHECK(two_woken_in_vain() && three_try_send(&c, 3) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(wakes(2) == 0 && runner_poll(&w.runner[1]) && receives[1].out == 3);
    begin();
    CHECK(two_woken_in_vain() && three_try_send(&c, 3) == EM_OK && three_try_send(&c, 4) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(wakes(2) == 1 && runner_poll(&w.runner[1]) && runner_poll(&w.runner[2]));
    for (unsigned gone = 0; gone < 3; gone++) {
        begin();
        CHECK(two_woken_in_vain() && !runner_poll(&w.runner[0]) && !runner_poll(&w.runner[1]));
        runner_drop(&w.runner[gone]);
        CHECK(fill(1, 2, 3));
        for (unsigned i = 0; i < 3; i++) {
            CHECK(i == gone || (wakes(i) == (i < 2 ? 2 : 1) && runner_poll(&w.runner[i])));
        }
    }
}

static void woken_in_vain_by_a_view(void)
{
    static em_channel_receive_future by_view;
    uint32_t got = 0;
    begin();
    CHECK(!start(0, &em_channel_receive(&by_view, three_view(&c), &got, sizeof got)->future) && !ask_receive(1));
    CHECK(three_try_send(&c, 1) == EM_OK && wakes(0) == 1 && remove_value(1) && !runner_poll(&w.runner[0]));
    CHECK(three_try_send(&c, 2) == EM_OK && wakes(0) == 2 && wakes(1) == 0 && runner_poll(&w.runner[0]) && got == 2);
}

static const em_test tests[] = {
    TEST(receiver_receives_given_try_send),
    TEST(sender_send_completes_if_capacity),
    TEST(senders_sends_wait_until_capacity),
    TEST(receivers_are_served_in_order_and_take_what_comes_first),
    TEST(nobody_overtakes),
    TEST(dropped_waits_pass_on_what_they_were_handed),
    TEST(waiters_are_polled_at_most_twice),
    TEST(who_watches_is_told),
    TEST(remove_if_wakes_a_sender_for_each_place),
    TEST(clear_wakes_senders_and_removes_all),
    TEST(who_was_woken_for_what_is_gone_waits_in_front),
    TEST(what_comes_before_they_look_is_theirs),
    TEST(woken_in_vain_and_dropped),
    TEST(woken_in_vain_by_a_view),
};

int main(void)
{
    RUN_TESTS(tests);
}

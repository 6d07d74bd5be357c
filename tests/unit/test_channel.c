/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The channel: what is sent is received once, in order; nobody overtakes; a cancel loses nothing. */
#include "waiters.h"

#include <em/channel.h>
#include <em/select.h>
#include <em/timeout.h>

EM_CHANNEL_TYPE(one, uint32_t, 1);
EM_CHANNEL_TYPE(three, uint32_t, 3);

struct sample {
    em_instant at;
    char text[40];
    int16_t value;
};
EM_CHANNEL_TYPE(samples, struct sample, 2);

static three c;
static one c1;
static one_send_future send1[WAITERS];
static one_receive_future receive1[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    c = (three){0};
    c1 = (one){0};
}

static bool ask_send(unsigned i, uint32_t value)
{
    waiters_start(&w, i, &one_send(&send1[i], &c1, value)->future);
    return runner_poll(&w.runner[i]);
}

static bool ask_receive(unsigned i)
{
    waiters_start(&w, i, &one_receive(&receive1[i], &c1)->future);
    return runner_poll(&w.runner[i]);
}

static bool woken_once(unsigned i)
{
    test_run();
    return w.runner[i].wakes == 1;
}

static void a_zeroed_channel_is_empty(void)
{
    uint32_t out = 7;
    begin();
    CHECK(three_len(&c) == 0 && three_free(&c) == 3 && three_capacity(&c) == 3);
    CHECK(three_is_empty(&c) && !three_is_full(&c));
    CHECK(three_try_receive(&c, &out) == EM_ERR_AGAIN && three_try_peek(&c, &out) == EM_ERR_AGAIN && out == 7);
}

static void sending_once_leaves_space_for_two(void)
{
    begin();
    CHECK(three_try_send(&c, 1) == EM_OK);
    CHECK(three_len(&c) == 1 && three_free(&c) == 2 && !three_is_empty(&c) && !three_is_full(&c));
}

static void sending_when_full_fails(void)
{
    begin();
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(three_try_send(&c, i) == EM_OK);
    }
    CHECK(three_try_send(&c, 3) == EM_ERR_AGAIN && three_is_full(&c) && three_free(&c) == 0);
}

static void receiving_frees_the_place(void)
{
    uint32_t out = 7;
    begin();
    CHECK(three_try_send(&c, 1) == EM_OK && three_try_receive(&c, &out) == EM_OK && out == 1);
    CHECK(three_free(&c) == 3 && three_try_receive(&c, &out) == EM_ERR_AGAIN);
}

static void peeking_does_not_remove(void)
{
    uint32_t out;
    begin();
    CHECK(three_try_send(&c, 5) == EM_OK && three_try_send(&c, 6) == EM_OK);
    CHECK(three_try_peek(&c, &out) == EM_OK && out == 5);
    CHECK(three_try_peek(&c, &out) == EM_OK && out == 5 && three_len(&c) == 2);
    CHECK(three_try_receive(&c, &out) == EM_OK && out == 5);
    CHECK(three_try_peek(&c, &out) == EM_OK && out == 6);
}

static void values_come_in_order_around_the_ring(void)
{
    uint32_t out;
    begin();
    CHECK(three_try_send(&c, 0) == EM_OK && three_try_send(&c, 1) == EM_OK);
    for (uint32_t i = 0; i < 100; i++) {
        CHECK(three_try_send(&c, i + 2) == EM_OK);
        CHECK(three_try_receive(&c, &out) == EM_OK && out == i);
        CHECK(three_len(&c) == 2);
    }
}

static void structs_are_copied_whole(void)
{
    static samples s;
    struct sample in = {.at = {99}, .text = "a value of 56 bytes", .value = -2};
    struct sample out;
    samples_send_future send;
    samples_receive_future receive;
    runner r = {0};
    begin();
    CHECK(samples_try_send(&s, in) == EM_OK);
    runner_start_passive(&r, &samples_send(&send, &s, (struct sample){.value = 7})->future);
    CHECK(runner_poll(&r));
    CHECK(samples_try_receive(&s, &out) == EM_OK && out.at.ticks == 99 && out.text[18] == 's' && out.value == -2);
    runner_start_passive(&r, &samples_receive(&receive, &s)->future);
    CHECK(runner_poll(&r) && receive.out.value == 7 && receive.out.text[0] == '\0');
}

static void an_awaited_send_completes_if_there_is_space(void)
{
    uint32_t out;
    begin();
    CHECK(ask_send(0, 1) && one_is_full(&c1));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 1);
}

static void a_waiting_receiver_gets_what_is_sent(void)
{
    begin();
    CHECK(!ask_receive(0));
    CHECK(one_try_send(&c1, 9) == EM_OK);
    CHECK(woken_once(0) && runner_poll(&w.runner[0]) && receive1[0].out == 9);
}

static void waiting_senders_complete_as_it_is_drained(void)
{
    uint32_t out;
    begin();
    CHECK(ask_send(0, 10) && !ask_send(1, 11) && !ask_send(2, 12));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 10);
    CHECK(woken_once(1) && runner_poll(&w.runner[1]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 11);
    CHECK(woken_once(2) && runner_poll(&w.runner[2]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 12);
}

static void space_set_aside_for_a_sender_is_not_taken_by_another(void)
{
    uint32_t out;
    begin();
    CHECK(ask_send(0, 1) && !ask_send(1, 2));
    CHECK(one_try_receive(&c1, &out) == EM_OK);
    CHECK(one_is_empty(&c1) && one_try_send(&c1, 3) == EM_ERR_AGAIN && !ask_send(2, 3));
    CHECK(runner_poll(&w.runner[1]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 2);
    CHECK(runner_poll(&w.runner[2]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 3);
}

static void a_value_set_aside_for_a_receiver_is_not_taken_by_another(void)
{
    uint32_t out;
    begin();
    CHECK(!ask_receive(0));
    CHECK(one_try_send(&c1, 1) == EM_OK);
    CHECK(one_try_receive(&c1, &out) == EM_ERR_AGAIN && one_try_peek(&c1, &out) == EM_ERR_AGAIN && !ask_receive(1));
    CHECK(runner_poll(&w.runner[0]) && receive1[0].out == 1);
    CHECK(one_try_send(&c1, 2) == EM_OK && runner_poll(&w.runner[1]) && receive1[1].out == 2);
}

static void a_cancelled_send_has_not_sent_and_passes_its_space_on(void)
{
    uint32_t out;
    begin();
    CHECK(ask_send(0, 1) && !ask_send(1, 2) && !ask_send(2, 3));
    CHECK(one_try_receive(&c1, &out) == EM_OK);
    runner_drop(&w.runner[1]);
    CHECK(woken_once(2) && runner_poll(&w.runner[2]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 3 && one_is_empty(&c1));
}

static void a_cancelled_receive_has_taken_nothing_and_passes_its_value_on(void)
{
    uint32_t out;
    begin();
    CHECK(!ask_receive(0) && !ask_receive(1));
    CHECK(one_try_send(&c1, 1) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(woken_once(1));
    runner_drop(&w.runner[1]);
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 1);
}

static void clear_makes_room_for_who_waits(void)
{
    uint32_t out;
    begin();
    CHECK(ask_send(0, 1) && !ask_send(1, 2));
    one_clear(&c1);
    CHECK(one_is_empty(&c1) && woken_once(1) && runner_poll(&w.runner[1]));
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 2);
    CHECK(three_try_send(&c, 1) == EM_OK && three_try_send(&c, 2) == EM_OK);
    three_clear(&c);
    CHECK(three_is_empty(&c) && three_try_send(&c, 3) == EM_OK);
    CHECK(three_try_receive(&c, &out) == EM_OK && out == 3);
}

static void clear_keeps_what_a_receiver_was_promised(void)
{
    static runner r;
    three_receive_future receive;
    begin();
    runner_start_passive(&r, &three_receive(&receive, &c)->future);
    CHECK(!runner_poll(&r));
    CHECK(three_try_send(&c, 1) == EM_OK && three_try_send(&c, 2) == EM_OK);
    three_clear(&c);
    CHECK(three_len(&c) == 1);
    CHECK(runner_poll(&r) && receive.out == 1 && three_is_empty(&c));
}

static void waiters_are_polled_at_most_twice(void)
{
    static runner r[4];
    uint32_t out;
    begin();
    runner_start(&r[0], NULL, &one_receive(&receive1[0], &c1)->future);
    runner_start(&r[1], NULL, &one_receive(&receive1[1], &c1)->future);
    test_run();
    CHECK(one_try_send(&c1, 1) == EM_OK);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    CHECK(one_try_send(&c1, 2) == EM_OK);
    test_run();
    CHECK(r[1].ready && r[1].polls == 2 && one_try_send(&c1, 3) == EM_OK);
    runner_start(&r[2], NULL, &one_send(&send1[2], &c1, 4)->future);
    runner_start(&r[3], NULL, &one_send(&send1[3], &c1, 5)->future);
    test_run();
    CHECK(one_try_receive(&c1, &out) == EM_OK);
    test_run();
    CHECK(r[2].ready && r[2].polls == 2 && r[3].polls == 1);
    CHECK(one_try_receive(&c1, &out) == EM_OK);
    test_run();
    CHECK(r[3].ready && r[3].polls == 2);
}

/* A receive that loses a select after its value was set aside: the next receive gets that value. */
static void a_receive_that_loses_a_select_loses_no_value(void)
{
    static runner r;
    em_select2 select;
    probe p;
    uint32_t out;
    begin();
    em_future *arms[] = {probe_init(&p, 'p'), &one_receive(&receive1[0], &c1)->future};
    em_select_init_(&select.base, 2, arms);
    runner_start(&r, NULL, &select.future);
    test_run();
    CHECK(one_try_send(&c1, 8) == EM_OK);
    p.fired = true;
    test_run();
    CHECK(r.ready && select.out == 0);
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 8);
    em_trace_clear();
}

static void a_send_that_times_out_has_not_sent(void)
{
    static runner r;
    em_timeout timeout;
    uint32_t out;
    begin();
    CHECK(one_try_send(&c1, 1) == EM_OK);
    runner_start(&r, NULL, &em_timeout_after_(&timeout, em_ticks(5), &one_send(&send1[0], &c1, 2)->future)->future);
    test_run();
    test_pass(5);
    CHECK(r.ready && timeout.out == EM_ERR_TIMEOUT);
    CHECK(one_try_receive(&c1, &out) == EM_OK && out == 1 && one_is_empty(&c1) && one_try_send(&c1, 3) == EM_OK);
}

static const em_test tests[] = {
    TEST(a_zeroed_channel_is_empty),
    TEST(sending_once_leaves_space_for_two),
    TEST(sending_when_full_fails),
    TEST(receiving_frees_the_place),
    TEST(peeking_does_not_remove),
    TEST(values_come_in_order_around_the_ring),
    TEST(structs_are_copied_whole),
    TEST(an_awaited_send_completes_if_there_is_space),
    TEST(a_waiting_receiver_gets_what_is_sent),
    TEST(waiting_senders_complete_as_it_is_drained),
    TEST(space_set_aside_for_a_sender_is_not_taken_by_another),
    TEST(a_value_set_aside_for_a_receiver_is_not_taken_by_another),
    TEST(a_cancelled_send_has_not_sent_and_passes_its_space_on),
    TEST(a_cancelled_receive_has_taken_nothing_and_passes_its_value_on),
    TEST(clear_makes_room_for_who_waits),
    TEST(clear_keeps_what_a_receiver_was_promised),
    TEST(waiters_are_polled_at_most_twice),
    TEST(a_receive_that_loses_a_select_loses_no_value),
    TEST(a_send_that_times_out_has_not_sent),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The zero-copy channel: each borrower has a place of its own, values come once, a cancel loses nothing. */
#include "fake_port.h"
#include "waiters.h"

#include <em/select.h>
#include <em/zerocopy_channel.h>

typedef struct frame {
    char text[60];
    uint16_t number;
} frame;

EM_ZEROCOPY_CHANNEL_TYPE(one, frame, 1);
EM_ZEROCOPY_CHANNEL_TYPE(three, frame, 3);

static three c;
static one c1;
static one_send_future sends[WAITERS];
static one_receive_future receives[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    c = (three){.values = {{.number = 0}}};
    c1 = (one){.values = {{.number = 0}}};
}

static bool start(unsigned i, em_future *f)
{
    waiters_start(&w, i, f);
    return runner_poll(&w.runner[i]);
}

static bool ask_send(unsigned i)
{
    return start(i, &one_send(&sends[i], &c1)->future);
}

static bool ask_receive(unsigned i)
{
    return start(i, &one_receive(&receives[i], &c1)->future);
}

static unsigned wakes(unsigned i)
{
    test_run();
    return w.runner[i].wakes;
}

/* Borrow, fill and send. */
static bool put(uint16_t number)
{
    frame *f;
    EXPECT(three_try_send(&c, &f) == EM_OK);
    f->number = number;
    three_send_done(&c, f);
    return true;
}

/* Borrow a value, which is this one. */
static frame *get(uint16_t number)
{
    frame *f;
    return three_try_receive(&c, &f) == EM_OK && f->number == number ? f : NULL;
}

static bool gives(uint16_t number)
{
    frame *f = get(number);
    EXPECT(f);
    three_receive_done(&c, f);
    return true;
}

static void finish_send(unsigned i, uint16_t number)
{
    sends[i].out->number = number;
    one_send_done(&c1, sends[i].out);
}

static bool one_put(uint16_t number)
{
    EXPECT(one_try_send(&c1, &sends[0].out) == EM_OK);
    finish_send(0, number);
    return true;
}

/* -- one after another ------------------------------------------------------------------------------ */

static void a_zeroed_channel_is_empty(void)
{
    frame *f;
    begin();
    CHECK(three_len(&c) == 0 && three_free(&c) == 3 && three_capacity(&c) == 3);
    CHECK(three_is_empty(&c) && !three_is_full(&c) && three_try_receive(&c, &f) == EM_ERR_AGAIN);
}

static void what_is_filled_in_place_is_read_there(void)
{
    frame *in, *out;
    begin();
    CHECK(three_try_send(&c, &in) == EM_OK && three_free(&c) == 2 && three_len(&c) == 0);
    in->text[59] = 'x';
    CHECK(three_try_receive(&c, &out) == EM_ERR_AGAIN); /* not sent yet */
    three_send_done(&c, in);
    CHECK(three_len(&c) == 1 && three_free(&c) == 2);
    CHECK(three_try_receive(&c, &out) == EM_OK && out == in && out->text[59] == 'x');
    CHECK(three_is_empty(&c) && three_free(&c) == 2);
    three_receive_done(&c, out);
    CHECK(three_free(&c) == 3);
}

static void values_come_in_order_around_the_ring(void)
{
    begin();
    CHECK(put(0) && put(1));
    for (uint16_t n = 0; n < 100; n++) {
        CHECK(put(n + 2) && gives(n) && three_len(&c) == 2);
    }
}

static void each_borrower_has_a_place_of_its_own(void)
{
    frame *f[4];
    begin();
    CHECK(three_try_send(&c, &f[0]) == EM_OK && three_try_send(&c, &f[1]) == EM_OK);
    CHECK(three_try_send(&c, &f[2]) == EM_OK && three_try_send(&c, &f[3]) == EM_ERR_AGAIN && three_is_full(&c));
    CHECK(f[0] != f[1] && f[1] != f[2] && f[0] != f[2]);
    for (uint16_t n = 0; n < 3; n++) {
        f[n]->number = n;
    }
    three_send_done(&c, f[2]);
    three_send_done(&c, f[0]);
    three_send_done(&c, f[1]);
    f[2] = get(2);
    f[0] = get(0);
    f[1] = get(1);
    CHECK(f[0] && f[1] && f[2] && three_is_full(&c) && three_is_empty(&c));
    three_receive_done(&c, f[1]); /* in any order */
    CHECK(put(4) && three_try_send(&c, &f[3]) == EM_ERR_AGAIN);
    three_receive_done(&c, f[2]);
    three_receive_done(&c, f[0]);
    CHECK(put(5) && put(6) && gives(4) && gives(5) && gives(6));
}

static void a_send_that_is_undone_sends_nothing(void)
{
    frame *f[2];
    begin();
    CHECK(three_try_send(&c, &f[0]) == EM_OK && three_try_send(&c, &f[1]) == EM_OK && put(1));
    three_send_undo(&c, f[0]);
    CHECK(three_free(&c) == 1 && three_len(&c) == 1);
    three_send_undo(&c, f[1]);
    CHECK(put(2) && put(3) && three_is_full(&c) && gives(1) && gives(2) && gives(3));
}

static void a_receive_that_is_undone_is_the_next(void)
{
    frame *f[2];
    begin();
    for (unsigned round = 0; round < 4; round++) { /* at each place of the ring */
        CHECK(put(1) && put(2));
        f[0] = get(1);
        CHECK(f[0]);
        three_receive_undo(&c, f[0]);
        CHECK(three_len(&c) == 2 && three_free(&c) == 1);
        f[0] = get(1);
        f[1] = get(2);
        CHECK(f[0] && f[1]);
        three_receive_undo(&c, f[1]);
        three_receive_undo(&c, f[0]);
        CHECK(put(3) && gives(1) && gives(2) && gives(3) && put(4) && gives(4));
    }
}

/* -- waiting ---------------------------------------------------------------------------------------- */

static void awaited_borrows_are_ready_at_once_if_there_is_something(void)
{
    begin();
    CHECK(ask_send(0));
    finish_send(0, 7);
    CHECK(ask_receive(1) && receives[1].out->number == 7 && one_is_full(&c1));
    one_receive_done(&c1, receives[1].out);
    CHECK(one_free(&c1) == 1);
}

static void receivers_are_served_in_order(void)
{
    begin();
    CHECK(!ask_receive(1) && !ask_receive(2) && one_put(1) && wakes(1) == 1 && wakes(2) == 0);
    CHECK(one_try_receive(&c1, &receives[3].out) == EM_ERR_AGAIN && !ask_receive(3));
    CHECK(runner_poll(&w.runner[1]) && receives[1].out->number == 1);
    one_receive_done(&c1, receives[1].out);
    CHECK(one_put(2) && wakes(2) == 1 && wakes(3) == 0 && runner_poll(&w.runner[2]));
    one_receive_undo(&c1, receives[2].out);
    CHECK(wakes(3) == 1 && runner_poll(&w.runner[3]) && receives[3].out->number == 2);
}

static void senders_are_served_in_order(void)
{
    begin();
    CHECK(ask_send(0) && !ask_send(1) && !ask_send(2) && !ask_send(3));
    one_send_undo(&c1, sends[0].out);
    CHECK(wakes(1) == 1 && wakes(2) == 0 && one_try_send(&c1, &sends[0].out) == EM_ERR_AGAIN);
    CHECK(runner_poll(&w.runner[1]));
    finish_send(1, 1);
    CHECK(wakes(2) == 0 && ask_receive(0) && wakes(2) == 0); /* it is still being read */
    one_receive_done(&c1, receives[0].out);
    CHECK(wakes(2) == 1 && !ask_send(0) && runner_poll(&w.runner[2]));
    finish_send(2, 2);
    one_clear(&c1);
    CHECK(wakes(3) == 1 && runner_poll(&w.runner[3]) && wakes(0) == 0);
}

static void a_dropped_send_passes_its_place_on(void)
{
    begin();
    CHECK(ask_send(0) && !ask_send(1) && !ask_send(2));
    one_send_undo(&c1, sends[0].out);
    runner_drop(&w.runner[1]);
    CHECK(wakes(2) == 1 && runner_poll(&w.runner[2]));
    one_send_undo(&c1, sends[2].out);
    CHECK(one_free(&c1) == 1 && ask_send(0));
}

static void a_dropped_receive_passes_its_value_on(void)
{
    begin();
    CHECK(!ask_receive(1) && !ask_receive(2) && one_put(1));
    runner_drop(&w.runner[1]);
    CHECK(wakes(2) == 1);
    runner_drop(&w.runner[2]);
    CHECK(one_try_receive(&c1, &receives[0].out) == EM_OK && receives[0].out->number == 1);
}

static void dropped_before_it_was_polled_and_while_it_waits(void)
{
    begin();
    waiters_start(&w, 1, &one_receive(&receives[1], &c1)->future);
    runner_drop(&w.runner[1]);
    waiters_start(&w, 1, &one_send(&sends[1], &c1)->future);
    runner_drop(&w.runner[1]);
    CHECK(!ask_receive(1) && !ask_receive(2));
    runner_drop(&w.runner[1]);
    CHECK(one_put(1) && wakes(2) == 1 && wakes(1) == 0 && runner_poll(&w.runner[2]));
    CHECK(!ask_send(3) && !ask_send(4));
    runner_drop(&w.runner[3]);
    one_receive_done(&c1, receives[2].out);
    CHECK(wakes(4) == 1 && runner_poll(&w.runner[4]));
}

static void waiters_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin();
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &one_receive(&receives[i], &c1)->future);
    }
    test_run();
    CHECK(one_put(1));
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].polls == 1);
    one_receive_done(&c1, receives[0].out);
    CHECK(one_put(2));
    test_run();
    CHECK(r[1].ready && r[1].polls == 2);
}

static void a_receive_that_loses_a_select_borrows_nothing(void)
{
    static runner r;
    em_select2 select;
    probe p;
    begin();
    em_future *arms[] = {probe_init(&p, 'p'), &one_receive(&receives[1], &c1)->future};
    em_select_init_(&select.base, 2, arms);
    runner_start(&r, NULL, &select.future);
    test_run();
    CHECK(one_put(8));
    p.fired = true;
    test_run();
    CHECK(r.ready && select.out == 0 && one_len(&c1) == 1);
    CHECK(one_try_receive(&c1, &receives[0].out) == EM_OK && receives[0].out->number == 8);
    em_trace_clear();
}

static void clear_keeps_what_is_borrowed_or_promised(void)
{
    static three_receive_future receive;
    frame *filled;
    begin();
    CHECK(three_try_send(&c, &filled) == EM_OK && !start(0, &three_receive(&receive, &c)->future));
    CHECK(put(1) && put(2));
    three_clear(&c);
    CHECK(three_len(&c) == 1 && three_free(&c) == 1 && runner_poll(&w.runner[0]) && receive.out->number == 1);
    three_clear(&c);
    filled->number = 3;
    three_send_done(&c, filled);
    CHECK(gives(3));
    three_receive_done(&c, receive.out);
    CHECK(three_free(&c) == 3 && put(1) && put(2) && put(3));
    three_clear(&c);
    CHECK(three_is_empty(&c) && put(4) && put(5) && put(6) && gives(4));
}

/* -- misuse ----------------------------------------------------------------------------------------- */

static void giving_back_what_is_not_borrowed_panics(void)
{
    frame *f, *read;
    frame other;
    begin();
    CHECK(three_try_send(&c, &f) == EM_OK);
    CHECK(PANICS(three_receive_done(&c, f)) && PANICS(three_receive_undo(&c, f)));
    CHECK(PANICS(three_send_done(&c, &other)) && PANICS(three_send_done(&c, NULL)));
    CHECK(PANICS(three_send_done(&c, f + 1)) && PANICS(three_send_done(&c, f + 3)));
    CHECK(PANICS(three_send_done(&c, (frame *)(void *)((char *)f + sizeof(uint16_t)))));
    three_send_done(&c, f);
    CHECK(PANICS(three_send_done(&c, f)) && PANICS(three_send_undo(&c, f)) && PANICS(three_receive_done(&c, f)));
    CHECK(three_try_receive(&c, &read) == EM_OK && PANICS(three_send_done(&c, read)));
    three_receive_done(&c, read);
    CHECK(PANICS(three_receive_done(&c, read)) && three_free(&c) == 3 && put(1) && gives(1));
}

static const em_test tests[] = {
    TEST(a_zeroed_channel_is_empty),
    TEST(what_is_filled_in_place_is_read_there),
    TEST(values_come_in_order_around_the_ring),
    TEST(each_borrower_has_a_place_of_its_own),
    TEST(a_send_that_is_undone_sends_nothing),
    TEST(a_receive_that_is_undone_is_the_next),
    TEST(awaited_borrows_are_ready_at_once_if_there_is_something),
    TEST(receivers_are_served_in_order),
    TEST(senders_are_served_in_order),
    TEST(a_dropped_send_passes_its_place_on),
    TEST(a_dropped_receive_passes_its_value_on),
    TEST(dropped_before_it_was_polled_and_while_it_waits),
    TEST(waiters_are_polled_at_most_twice),
    TEST(a_receive_that_loses_a_select_borrows_nothing),
    TEST(clear_keeps_what_is_borrowed_or_promised),
    TEST(giving_back_what_is_not_borrowed_panics),
};

int main(void)
{
    RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Watching a channel: who is told, when, and that nobody loses by it. */
#include "waiters.h"

#include <em/channel.h>
#include <em/select.h>

EM_CHANNEL_TYPE(one, uint32_t, 1);
EM_CHANNEL_TYPE(three, uint32_t, 3);

static one c;
static three c3;
static em_channel_ready_future watch[WAITERS];
static one_send_future sends[WAITERS];
static one_receive_future receives[WAITERS];
static waiters w;

static void begin(void)
{
    waiters_begin(&w);
    c = (one){0};
    c3 = (three){0};
}

static bool start(unsigned i, em_future *f)
{
    waiters_start(&w, i, f);
    return runner_poll(&w.runner[i]);
}

static bool watch_values(unsigned i)
{
    return start(i, &one_ready_to_receive(&watch[i], &c)->future);
}

static bool watch_space(unsigned i)
{
    return start(i, &one_ready_to_send(&watch[i], &c)->future);
}

static bool receive(unsigned i)
{
    return start(i, &one_receive(&receives[i], &c)->future);
}

static bool send(unsigned i, uint32_t value)
{
    return start(i, &one_send(&sends[i], &c, value)->future);
}

static unsigned wakes(unsigned i)
{
    test_run();
    return w.runner[i].wakes;
}

static void ready_at_once_takes_nothing(void)
{
    uint32_t out;
    begin();
    CHECK(watch_space(0) && watch_space(0) && one_try_send(&c, 5) == EM_OK);
    CHECK(watch_values(0) && watch_values(0) && one_len(&c) == 1);
    CHECK(one_try_receive(&c, &out) == EM_OK && out == 5);
}

static void who_watches_is_told_of_a_value_and_can_take_it(void)
{
    uint32_t out;
    begin();
    CHECK(!watch_values(0));
    CHECK(one_try_send(&c, 6) == EM_OK && wakes(0) == 1);
    CHECK(runner_poll(&w.runner[0]) && one_try_receive(&c, &out) == EM_OK && out == 6);
}

static void who_watches_is_told_of_space_and_can_take_it(void)
{
    uint32_t out;
    begin();
    CHECK(one_try_send(&c, 1) == EM_OK && !watch_space(0));
    CHECK(one_try_receive(&c, &out) == EM_OK && wakes(0) == 1);
    CHECK(runner_poll(&w.runner[0]) && one_try_send(&c, 2) == EM_OK);
}

static void clear_tells_of_space(void)
{
    begin();
    CHECK(one_try_send(&c, 1) == EM_OK && !watch_space(0));
    one_clear(&c);
    CHECK(wakes(0) == 1 && runner_poll(&w.runner[0]));
}

static void who_waits_comes_before_who_watches(void)
{
    begin();
    CHECK(!watch_values(0) && !receive(1) && !watch_values(2) && !receive(3));
    CHECK(one_try_send(&c, 1) == EM_OK && wakes(1) == 1 && wakes(3) == 0);
    CHECK(!runner_poll(&w.runner[0]) && runner_poll(&w.runner[1]) && receives[1].out == 1);
    CHECK(one_try_send(&c, 2) == EM_OK && wakes(3) == 1);
    CHECK(runner_poll(&w.runner[3]) && receives[3].out == 2);
    CHECK(wakes(0) == 0 && wakes(2) == 0);
    CHECK(one_try_send(&c, 3) == EM_OK && wakes(0) == 1 && wakes(2) == 0);
    CHECK(runner_poll(&w.runner[0]) && wakes(2) == 1 && runner_poll(&w.runner[2]));
}

static void senders_come_before_who_watches(void)
{
    uint32_t out;
    begin();
    CHECK(one_try_send(&c, 1) == EM_OK && !watch_space(0) && !send(1, 2) && !send(2, 3));
    CHECK(one_try_receive(&c, &out) == EM_OK && out == 1 && wakes(1) == 1 && runner_poll(&w.runner[1]));
    CHECK(one_try_receive(&c, &out) == EM_OK && out == 2 && wakes(2) == 1 && runner_poll(&w.runner[2]));
    CHECK(wakes(0) == 0);
    CHECK(one_try_receive(&c, &out) == EM_OK && out == 3 && wakes(0) == 1);
}

/* The first that is told does nothing with it: the others have been told, too. */
static void all_who_watch_are_told(void)
{
    uint32_t out;
    begin();
    CHECK(!watch_values(0) && !watch_values(1) && !watch_values(2));
    CHECK(one_try_send(&c, 4) == EM_OK && wakes(0) == 1 && wakes(1) == 0 && wakes(2) == 0);
    CHECK(runner_poll(&w.runner[0]) && wakes(0) == 1 && wakes(1) == 1 && wakes(2) == 1);
    CHECK(runner_poll(&w.runner[2]) && one_try_receive(&c, &out) == EM_OK && out == 4);
    CHECK(!runner_poll(&w.runner[1])); /* too late: it watches on */
    CHECK(one_try_send(&c, 5) == EM_OK && wakes(1) == 2 && wakes(0) == 1 && runner_poll(&w.runner[1]));
}

/* Until it has looked, what it was woken for is its own. Then who has come to wait has it. */
static void who_watches_passes_on_what_another_waits_for(void)
{
    uint32_t out;
    begin();
    CHECK(!watch_values(0) && !watch_values(1));
    CHECK(one_try_send(&c, 4) == EM_OK && one_try_receive(&c, &out) == EM_ERR_AGAIN && !receive(2) && !receive(3));
    CHECK(!runner_poll(&w.runner[0]) && wakes(2) == 1 && wakes(3) == 0 && wakes(1) == 0);
    CHECK(runner_poll(&w.runner[2]) && receives[2].out == 4);
    CHECK(one_try_send(&c, 5) == EM_OK && wakes(3) == 1 && runner_poll(&w.runner[3]) && receives[3].out == 5);
    CHECK(one_try_send(&c, 6) == EM_OK && wakes(1) == 1 && wakes(0) == 1 && runner_poll(&w.runner[1]) && wakes(0) == 2);
}

static void who_watches_passes_on_the_place_that_another_waits_for(void)
{
    uint32_t out;
    begin();
    CHECK(one_try_send(&c, 1) == EM_OK && !watch_space(0));
    CHECK(one_try_receive(&c, &out) == EM_OK && one_try_send(&c, 2) == EM_ERR_AGAIN && !send(1, 2));
    CHECK(!runner_poll(&w.runner[0]) && wakes(1) == 1 && runner_poll(&w.runner[1]));
    CHECK(one_try_receive(&c, &out) == EM_OK && out == 2 && wakes(0) == 2 && runner_poll(&w.runner[0]));
}

static void who_watches_and_is_dropped_passes_on_what_it_was_handed(void)
{
    begin();
    CHECK(!watch_values(0) && !watch_values(1) && one_try_send(&c, 4) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(wakes(1) == 1 && !receive(2));
    runner_drop(&w.runner[1]);
    CHECK(wakes(2) == 1 && runner_poll(&w.runner[2]) && !watch_values(0) && one_try_send(&c, 5) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(receive(2) && receives[2].out == 5);
}

static void a_value_whose_receiver_is_cancelled_is_told_of(void)
{
    begin();
    CHECK(!receive(0) && !watch_values(1) && !watch_values(2));
    CHECK(one_try_send(&c, 4) == EM_OK && wakes(1) == 0);
    runner_drop(&w.runner[0]);
    CHECK(wakes(1) == 1 && runner_poll(&w.runner[1]) && wakes(2) == 1);
}

static void space_whose_sender_is_cancelled_is_told_of(void)
{
    uint32_t out;
    begin();
    CHECK(one_try_send(&c, 1) == EM_OK && !send(0, 2) && !watch_space(1));
    CHECK(one_try_receive(&c, &out) == EM_OK && wakes(1) == 0);
    runner_drop(&w.runner[0]);
    CHECK(wakes(1) == 1 && runner_poll(&w.runner[1]));
}

/* Each of them in turn, beside receivers that come before and after. */
static void who_stops_watching_takes_nobody_along(void)
{
    for (unsigned gone = 0; gone < 3; gone++) {
        for (unsigned late = 0; late < 2; late++) { /* with a receiver there, or not */
            begin();
            CHECK(!watch_values(0) && !watch_values(1) && !watch_values(2) && (late || !receive(3)));
            runner_drop(&w.runner[gone]);
            CHECK((!late || !receive(3)) && !receive(4));
            CHECK(one_try_send(&c, 1) == EM_OK && wakes(3) == 1 && runner_poll(&w.runner[3]));
            CHECK(one_try_send(&c, 2) == EM_OK && wakes(4) == 1 && runner_poll(&w.runner[4]));
            CHECK(one_try_send(&c, 3) == EM_OK);
            for (unsigned i = 0; i < 3; i++) {
                CHECK(i == gone || (wakes(i) == 1 && runner_poll(&w.runner[i])));
            }
            CHECK(wakes(gone) == 0 && em_wait_list_empty(&c.channel.receivers));
        }
    }
}

static void dropped_before_its_first_poll_or_after_it_was_told(void)
{
    begin();
    waiters_start(&w, 0, &one_ready_to_receive(&watch[0], &c)->future);
    runner_drop(&w.runner[0]);
    CHECK(!watch_values(0) && !watch_values(1) && !watch_values(2) && one_try_send(&c, 1) == EM_OK);
    runner_drop(&w.runner[0]);
    CHECK(runner_poll(&w.runner[1]) && wakes(2) == 1); /* told, not handed */
    runner_drop(&w.runner[2]);
    CHECK(receive(2) && receives[2].out == 1 && em_wait_list_empty(&c.channel.receivers));
}

static void polled_again_it_keeps_its_place(void)
{
    begin();
    for (unsigned i = 0; i < 2; i++) {
        CHECK(!watch_values(i) && !runner_poll(&w.runner[i]) && !runner_poll(&w.runner[0]));
    }
    CHECK(one_try_send(&c, 1) == EM_OK && wakes(0) == 1 && runner_poll(&w.runner[0]) && wakes(1) == 1);
}

static void two_that_watch_are_polled_at_most_twice(void)
{
    static runner r[2];
    begin();
    for (unsigned i = 0; i < 2; i++) {
        runner_start(&r[i], NULL, &one_ready_to_receive(&watch[i], &c)->future);
    }
    test_run();
    CHECK(one_try_send(&c, 1) == EM_OK);
    test_run();
    CHECK(r[0].ready && r[0].polls == 2 && r[1].ready && r[1].polls == 2);
}

/* Watch two channels, take from the one that has something. */
static void a_select_of_two_channels_loses_nothing(void)
{
    static runner r;
    em_select2 select;
    three_ready_to_receive_future other;
    uint32_t out;
    begin();
    em_future *arms[] = {&one_ready_to_receive(&watch[0], &c)->future, &three_ready_to_receive(&other, &c3)->future};
    em_select_init_(&select.base, 2, arms);
    runner_start(&r, NULL, &select.future);
    test_run();
    CHECK(one_try_send(&c, 1) == EM_OK && three_try_send(&c3, 2) == EM_OK);
    test_run();
    CHECK(r.ready && select.out == 0);
    CHECK(three_try_receive(&c3, &out) == EM_OK && out == 2 && one_try_receive(&c, &out) == EM_OK && out == 1);
}

static const em_test tests[] = {
    TEST(ready_at_once_takes_nothing),
    TEST(who_watches_is_told_of_a_value_and_can_take_it),
    TEST(who_watches_is_told_of_space_and_can_take_it),
    TEST(clear_tells_of_space),
    TEST(who_waits_comes_before_who_watches),
    TEST(senders_come_before_who_watches),
    TEST(all_who_watch_are_told),
    TEST(who_watches_passes_on_what_another_waits_for),
    TEST(who_watches_passes_on_the_place_that_another_waits_for),
    TEST(who_watches_and_is_dropped_passes_on_what_it_was_handed),
    TEST(a_value_whose_receiver_is_cancelled_is_told_of),
    TEST(space_whose_sender_is_cancelled_is_told_of),
    TEST(who_stops_watching_takes_nobody_along),
    TEST(dropped_before_its_first_poll_or_after_it_was_told),
    TEST(polled_again_it_keeps_its_place),
    TEST(two_that_watch_are_polled_at_most_twice),
    TEST(a_select_of_two_channels_loses_nothing),
};

int main(void)
{
    RUN_TESTS(tests);
}

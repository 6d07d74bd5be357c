/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The ticker on the mock clock: its raster, its three policies for missed ticks, its resets. */
#include "fake_port.h"
#include "runner.h"

#include <em/mock_clock.h>
#include <em/ticker.h>

/* A task as TASK would make it: for (;;) { AWAIT(em_ticker_next()); count it; } */
typedef struct loop {
    em_task task;
    em_future frame;
    em_ticker ticker;
    em_ticker_wait wait;
    bool awaiting;
    unsigned ticks;
    unsigned polls;
    uint64_t left_out;
    em_instant last; /* when the last tick was taken */
} loop;

static em_poll loop_poll(em_future *f, em_context *cx)
{
    loop *l = (loop *)(void *)((char *)f - offsetof(loop, frame));
    l->polls++;
    for (;;) {
        if (!l->awaiting) {
            em_ticker_next(&l->wait, &l->ticker);
            l->awaiting = true;
        }
        if (!em_future_poll(&l->wait.future, cx).ready) {
            return EM_PENDING;
        }
        l->awaiting = false;
        l->ticks++;
        l->left_out += l->wait.out;
        l->last = em_now();
        em_trace_number("t", l->ticks);
    }
}

static const em_task_type loop_type = {.ops = {.poll = loop_poll, .name = "loop"}, .count = 1};
static loop l;

static void begin(uint64_t period, enum em_ticker_policy policy)
{
    test_begin();
    l = (loop){.task = {.state = EM_TASK_CLAIMED_}, .frame = {&loop_type.ops}};
    em_ticker_init(&l.ticker, em_ticks(period), policy);
    em_must_spawn((em_spawner){&test_executor}, em_token_of_slot_(&l.task));
    test_run();
}

static void the_first_tick_is_one_period_from_init(void)
{
    begin(10, EM_TICKER_BURST);
    test_pass(9);
    CHECK(l.ticks == 0);
    test_pass(1);
    CHECK(l.ticks == 1 && l.ticker.next.ticks == 20);
}

/* 100 s of 10 ms, each taken late by less than a period: the raster stays. */
static void no_policy_with_a_raster_drifts(void)
{
    const enum em_ticker_policy policies[] = {EM_TICKER_BURST, EM_TICKER_SKIP};
    uint64_t period = em_ms(10).ticks;
    for (unsigned p = 0; p < 2; p++) {
        uint64_t random = 7;
        begin(period, policies[p]);
        for (uint64_t n = 1; n <= 10000; n++) {
            uint64_t late = em_test_random(&random) % period;
            em_mock_clock_advance(em_ticks(n * period + late - em_now().ticks));
            test_run();
            CHECK(l.ticks == n && l.ticker.next.ticks == (n + 1) * period);
            em_trace_clear();
        }
        CHECK(l.left_out == 0);
    }
}

static void burst_gives_every_missed_tick_and_yields_at_each(void)
{
    begin(10, EM_TICKER_BURST);
    unsigned polls = l.polls;
    test_pass(35);
    CHECK(l.ticks == 3 && l.left_out == 0);
    CHECK(l.polls == polls + 3);
    CHECK(l.ticker.next.ticks == 40);
    test_pass(5);
    CHECK(l.ticks == 4);
}

static void skip_counts_the_missed_ticks_and_keeps_the_raster(void)
{
    begin(10, EM_TICKER_SKIP);
    test_pass(35);
    CHECK(l.ticks == 1 && l.left_out == 2);
    CHECK(l.ticker.next.ticks == 40);
    test_pass(5);
    CHECK(l.ticks == 2 && l.left_out == 2);
    test_pass(20); /* late by exactly two periods: the tick of now is the one taken */
    CHECK(l.ticks == 3 && l.left_out == 3 && l.ticker.next.ticks == 70);
}

static void delay_starts_a_new_raster(void)
{
    begin(10, EM_TICKER_DELAY);
    test_pass(35);
    CHECK(l.ticks == 1 && l.left_out == 0);
    CHECK(l.ticker.next.ticks == 45);
    test_pass(9);
    CHECK(l.ticks == 1);
    test_pass(1);
    CHECK(l.ticks == 2 && l.ticker.next.ticks == 55);
}

static em_poll hog_poll(em_future *f, em_context *cx)
{
    (void)f;
    em_trace("hog");
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}
static em_raw_task hog_slot;
static const em_task_type hog_type = {.ops = {.poll = hog_poll, .name = "hog"}, .count = 1};

/* Upstream delivers late ticks without a yield, and the others starve. */
static void a_late_ticker_lets_others_run_between_its_ticks(void)
{
    begin(1, EM_TICKER_BURST);
    hog_slot.task.state = EM_TASK_CLAIMED_;
    hog_slot.frame.ops = &hog_type.ops;
    em_mock_clock_advance(em_ticks(4));
    em_must_spawn((em_spawner){&test_executor}, em_token_of_slot_(&hog_slot.task));
    for (unsigned i = 0; i < 5; i++) {
        em_executor_poll(&test_executor);
    }
    CHECK_TRACE("hog t1 hog t2 hog t3 hog t4 hog");
    CHECK(l.ticks == 4);
}

static void reset_starts_over_from_now(void)
{
    begin(10, EM_TICKER_BURST);
    em_mock_clock_advance(em_ticks(5));
    em_ticker_reset(&l.ticker);
    CHECK(l.ticker.next.ticks == 15);
    CHECK(em_ticker_checked_reset(&l.ticker) == EM_OK && l.ticker.next.ticks == 15);
    em_ticker_reset_after(&l.ticker, em_ticks(100));
    CHECK(l.ticker.next.ticks == 115);
    CHECK(em_ticker_checked_reset_after(&l.ticker, em_ticks(200)) == EM_OK && l.ticker.next.ticks == 215);
    em_ticker_reset_at(&l.ticker, (em_instant){7});
    CHECK(l.ticker.next.ticks == 7);
    test_run();
}

static void after_reset_at_the_raster_goes_on_from_there(void)
{
    begin(10, EM_TICKER_BURST);
    em_ticker_reset_at(&l.ticker, (em_instant){13});
    test_pass(10); /* the wait that was under way keeps its tick; the raster moves on from 13 */
    CHECK(l.ticks == 1 && l.ticker.next.ticks == 23);
    test_pass(12);
    CHECK(l.ticks == 1);
    test_pass(1);
    CHECK(l.ticks == 2 && l.ticker.next.ticks == 33);
}

static void past_the_end_of_time_a_ticker_saturates_or_says_so(void)
{
    em_ticker t;
    test_begin();
    test_pass(1);
    em_ticker_init(&t, EM_DURATION_MAX, EM_TICKER_BURST);
    CHECK(t.next.ticks == UINT64_MAX);
    em_ticker_reset_at(&t, (em_instant){5});
    CHECK(em_ticker_checked_reset(&t) == EM_ERR_OVERFLOW && t.next.ticks == 5);
    em_ticker_reset(&t);
    CHECK(t.next.ticks == UINT64_MAX);
    em_ticker_init(&t, em_ticks(10), EM_TICKER_BURST);
    CHECK(em_ticker_checked_reset_after(&t, EM_DURATION_MAX) == EM_ERR_OVERFLOW && t.next.ticks == 11);
    CHECK(em_ticker_checked_reset_after(&t, em_ticks(UINT64_MAX - 5)) == EM_ERR_OVERFLOW && t.next.ticks == 11);
    em_ticker_reset_after(&t, EM_DURATION_MAX);
    CHECK(t.next.ticks == UINT64_MAX);
}

static void a_ticker_at_the_end_of_time_stays_there(void)
{
    const enum em_ticker_policy policies[] = {EM_TICKER_BURST, EM_TICKER_SKIP, EM_TICKER_DELAY};
    for (unsigned p = 0; p < 3; p++) {
        begin(UINT64_MAX / 2 + 1, policies[p]);
        test_pass(UINT64_MAX / 2 + 1);
        CHECK(l.ticks == 1 && l.ticker.next.ticks == UINT64_MAX);
        test_pass(1000);
        CHECK(l.ticks == 1);
    }
}

static void skipping_past_the_end_of_time_stays_there(void)
{
    runner r = {0};
    em_ticker t;
    em_ticker_wait wait;
    test_begin();
    test_pass(UINT64_MAX / 2 + 10);
    em_ticker_init(&t, em_ticks(UINT64_MAX / 2 + 1), EM_TICKER_SKIP);
    em_ticker_reset_at(&t, (em_instant){0});
    runner_start(&r, NULL, &em_ticker_next(&wait, &t)->future);
    test_run();
    CHECK(r.ready && wait.out == 1 && t.next.ticks == UINT64_MAX);
}

static void a_dropped_wait_keeps_its_tick(void)
{
    runner r = {0};
    em_ticker t;
    em_ticker_wait wait;
    test_begin();
    em_ticker_init(&t, em_ticks(10), EM_TICKER_BURST);
    runner_start(&r, NULL, &em_ticker_next(&wait, &t)->future);
    test_run();
    test_pass(5);
    runner_drop(&r);
    CHECK(em_mock_clock_alarm().ticks == UINT64_MAX && t.next.ticks == 10);
    runner_start_passive(&r, &em_ticker_next(&wait, &t)->future);
    CHECK(!runner_poll(&r));
    test_pass(5);
    runner_drop(&r); /* the tick had come but was not taken */
    CHECK(t.next.ticks == 10);
    runner_start(&r, NULL, &em_ticker_next(&wait, &t)->future);
    test_run();
    CHECK(r.ready && r.polls == 2 && t.next.ticks == 20);
}

static void a_period_of_zero_panics(void)
{
    em_ticker t;
    CHECK(PANICS(em_ticker_init(&t, em_ticks(0), EM_TICKER_BURST)));
}

static const em_test tests[] = {
    TEST(the_first_tick_is_one_period_from_init),
    TEST(no_policy_with_a_raster_drifts),
    TEST(burst_gives_every_missed_tick_and_yields_at_each),
    TEST(skip_counts_the_missed_ticks_and_keeps_the_raster),
    TEST(delay_starts_a_new_raster),
    TEST(a_late_ticker_lets_others_run_between_its_ticks),
    TEST(reset_starts_over_from_now),
    TEST(after_reset_at_the_raster_goes_on_from_there),
    TEST(past_the_end_of_time_a_ticker_saturates_or_says_so),
    TEST(a_ticker_at_the_end_of_time_stays_there),
    TEST(skipping_past_the_end_of_time_stays_there),
    TEST(a_dropped_wait_keeps_its_tick),
    TEST(a_period_of_zero_panics),
};

int main(void)
{
    RUN_TESTS(tests);
}

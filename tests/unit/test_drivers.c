/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Time as its users see it, the same on every driver: mock, host, CLINT, SBI. One source, and no bound on how
 * late anything is: a loaded machine passes too. SHORT_WAITS is what the driver does in a second or so.
 */
#include "let_pass.h"
#include "test.h"

#include <em/async.h>

static em_instant since;

static bool has_passed(em_duration d)
{
    return !em_instant_before(em_now(), em_instant_add(since, d));
}

static void time_never_goes_back(void)
{
    em_instant last = em_now();
    for (unsigned i = 0; i < 10000; i++) {
        em_instant now = em_now();
        CHECK(!em_instant_before(now, last));
        last = now;
    }
}

static void time_passes_while_waiting(void)
{
    em_timer t;
    since = em_now();
    CHECK(!has_passed(em_secs(3600)));
    CHECK(em_block_on(&em_timer_after(&t, em_ms(20))->future) == EM_OK);
    CHECK(has_passed(em_ms(20)) && !has_passed(em_secs(3600)));
}

static void time_passes_while_nobody_waits(void)
{
    since = em_now();
    test_let_pass(em_ms(2));
    CHECK(has_passed(em_ms(2)));
}

static void a_timer_is_never_early(void)
{
    uint64_t random = 1;
    em_timer t;
    for (unsigned i = 0; i < 500; i++) {
        em_duration d = em_ticks(em_test_random(&random) % (i % 10 ? 500 : 20000));
        since = em_now();
        CHECK(em_block_on(&em_timer_after(&t, d)->future) == EM_OK);
        CHECK(has_passed(d));
    }
}

/* -- how often a wait is polled ------------------------------------------------------------------- */

typedef struct counted {
    em_future future;
    em_future *inner;
    unsigned polls;
} counted;

static em_poll counted_poll(em_future *f, em_context *cx)
{
    counted *c = (counted *)(void *)f;
    c->polls++;
    return em_future_poll(c->inner, cx);
}

static const em_future_ops counted_ops = {.poll = counted_poll, .name = "counted"};

static unsigned polls_of(em_future *f)
{
    counted c = {{&counted_ops}, f, 0};
    em_block_on(&c.future);
    return c.polls;
}

static void a_timer_in_the_past_yields_exactly_once(void)
{
    em_timer t;
    CHECK(polls_of(&em_timer_after(&t, em_ticks(0))->future) == 2);
    CHECK(polls_of(&em_timer_at(&t, em_now())->future) == 2);
    CHECK(polls_of(&em_timer_at(&t, em_instant_sub(em_now(), em_ticks(1)))->future) == 2);
    CHECK(polls_of(&em_timer_at(&t, (em_instant){0})->future) == 2);
}

static void a_timer_in_the_future_is_polled_twice(void)
{
    em_timer t;
    CHECK(polls_of(&em_timer_after(&t, em_ms(3))->future) == 2);
}

/* -- many at once --------------------------------------------------------------------------------- */

#define SLEEPERS 32
static unsigned woken;
static unsigned order[SLEEPERS];

TASK(sleeper, POOL(SLEEPERS), ARGS((unsigned, number), (em_instant, at)), VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_at(&self->t, self->at));
        order[woken++] = self->number;
    }
}

static void timers_fire_in_the_order_of_their_deadlines(void)
{
    em_timer t;
    em_instant start = em_instant_add(em_now(), em_ms(10));
    woken = 0;
    for (unsigned i = 0; i < SLEEPERS; i++) {
        unsigned n = i * 13 % SLEEPERS; /* each once, shuffled */
        em_must_spawn(em_spawner_hart(0), sleeper(n, em_instant_add(start, em_us(n * 100))));
    }
    em_block_on(&em_timer_at(&t, em_instant_add(start, em_ms(10)))->future);
    CHECK(woken == SLEEPERS);
    for (unsigned i = 0; i < SLEEPERS; i++) {
        CHECK(order[i] == i);
    }
}

static void equal_deadlines_all_fire(void)
{
    em_timer t;
    em_instant at = em_instant_add(em_now(), em_ms(5));
    woken = 0;
    for (unsigned i = 0; i < SLEEPERS; i++) {
        em_must_spawn(em_spawner_hart(0), sleeper(i, at));
    }
    em_block_on(&em_timer_at(&t, em_instant_add(at, em_ticks(1)))->future);
    CHECK(woken == SLEEPERS);
}

/* An alarm that comes late, because interrupts were masked when it was due, serves all that got due since. */
static void a_late_alarm_serves_everybody(void)
{
    em_timer t;
    em_instant start = em_now();
    woken = 0;
    for (unsigned i = 0; i < SLEEPERS; i++) {
        em_must_spawn(em_spawner_hart(0), sleeper(i, em_instant_add(start, em_us(500 + i))));
    }
    em_executor_poll(em_spawner_hart(0).executor); /* they are waiting now */
    em_irq irq = em_irq_save();
    test_let_pass(em_ms(2));
    em_irq_restore(irq);
    em_block_on(&em_timer_after(&t, em_ticks(0))->future);
    CHECK(woken == SLEEPERS);
}

/* -- short waits: none is lost -------------------------------------------------------------------- */

ASYNC_FN(void, short_waits, ARGS((unsigned, left), (unsigned, ticks)), VARS(em_timer t))
{
    ASYNC {
        for (; self->left > 0; self->left--) {
            AWAIT(em_timer_after(&self->t, em_ticks(self->ticks++ % 4)));
        }
    }
}

TASK(waits_shortly, POOL(2), ARGS((unsigned, left), (unsigned, ticks)), VARS(struct short_waits w))
{
    ASYNC {
        AWAIT(short_waits(&self->w, self->left, self->ticks));
        woken++;
    }
}

static void no_wait_of_0_to_3_ticks_is_lost(void)
{
    struct short_waits w;
    em_block_on(&short_waits(&w, SHORT_WAITS, 0)->future);
    CHECK(w.left == 0);
}

static void no_wait_of_0_to_3_ticks_is_lost_among_others(void)
{
    em_timer t;
    woken = 0;
    em_must_spawn(em_spawner_hart(0), waits_shortly(SHORT_WAITS / 2, 1));
    em_must_spawn(em_spawner_hart(0), waits_shortly(SHORT_WAITS / 2, 3));
    while (woken < 2) { /* a lost wake stops them; the longer waits here would not: the test's timeout tells */
        em_block_on(&em_timer_after(&t, em_ms(10))->future);
    }
    CHECK(woken == 2);
}

/* Deadlines that pass while interrupts are masked, as in an interrupt handler or a critical section. */
static void no_deadline_that_passes_while_masked_is_lost(void)
{
    em_executor *e = em_spawner_hart(0).executor;
    for (unsigned i = 0; i < SHORT_WAITS / 10; i++) {
        woken = 0;
        em_irq irq = em_irq_save();
        em_must_spawn(em_spawner_hart(0), sleeper(i, em_instant_add(em_now(), em_ticks(i % 4))));
        em_executor_poll(e);
        em_irq_restore(irq);
        while (woken == 0) {
            em_executor_sleep(e);
            em_executor_poll(e);
        }
    }
}

/* -- cancelling ----------------------------------------------------------------------------------- */

ASYNC_FN(int, hurried, ARGS((em_duration, limit)), VARS(em_timeout to; em_timer t; int err))
{
    ASYNC {
        AWAIT_INTO(self->err, WITH_TIMEOUT(&self->to, self->limit, em_timer_after(&self->t, em_secs(3600))));
        RETURN(self->err);
    }
}

static void cancelled_timers_never_fire(void)
{
    struct hurried h;
    em_task_handle handle[SLEEPERS];
    em_timer t;
    em_instant at = em_instant_add(em_now(), em_ms(5));
    woken = 0;
    for (unsigned i = 0; i < SLEEPERS; i++) {
        CHECK(em_spawn_handle(em_spawner_hart(0), sleeper(i, at), &handle[i]) == EM_OK);
    }
    em_executor_poll(em_spawner_hart(0).executor);
    for (unsigned i = 0; i < SLEEPERS; i += 2) {
        em_task_cancel(handle[i]);
    }
    em_block_on(&em_timer_at(&t, em_instant_add(at, em_ticks(1)))->future);
    CHECK(woken == SLEEPERS / 2);
    for (unsigned i = 0; i < woken; i++) {
        CHECK(order[i] % 2 == 1);
    }
    for (unsigned i = 0; i < 100; i++) {
        em_block_on(&hurried(&h, em_us(i))->future);
        CHECK(h.out == EM_ERR_TIMEOUT);
    }
}

static void a_timer_for_never_does_not_disturb_the_others(void)
{
    em_select2 select;
    em_timer never;
    em_timer t;
    since = em_now();
    em_block_on(&SELECT(&select, em_timer_at(&never, EM_INSTANT_MAX), em_timer_after(&t, em_ms(3)))->future);
    CHECK(select.out == 1 && has_passed(em_ms(3)));
}

/* -- tickers -------------------------------------------------------------------------------------- */

ASYNC_FN(void, ticks, ARGS((em_ticker *, ticker), (unsigned, left)), VARS(em_ticker_wait w; bool early))
{
    ASYNC {
        for (self->early = false; self->left > 0; self->left--) {
            AWAIT(em_ticker_next(&self->w, self->ticker));
            /* BURST: the tick that was just taken is one period before the next */
            self->early |= em_instant_before(em_instant_add(em_now(), self->ticker->period), self->ticker->next);
        }
    }
}

static void a_ticker_is_never_early_and_does_not_drift(void)
{
    em_ticker ticker;
    struct ticks t;
    em_ticker_init(&ticker, em_us(500), EM_TICKER_BURST);
    em_instant first = ticker.next;
    em_block_on(&ticks(&t, &ticker, 200)->future);
    CHECK(!t.early);
    CHECK(ticker.next.ticks == first.ticks + 200 * em_us(500).ticks);
}

static void a_late_ticker_catches_up(void)
{
    em_ticker ticker;
    struct ticks t;
    em_ticker_init(&ticker, em_us(100), EM_TICKER_BURST);
    em_instant first = ticker.next;
    test_let_pass(em_ms(2));
    em_block_on(&ticks(&t, &ticker, 30)->future);
    CHECK(!t.early && ticker.next.ticks == first.ticks + 30 * em_us(100).ticks);
}

static const em_test tests[] = {
    TEST(time_never_goes_back),
    TEST(time_passes_while_waiting),
    TEST(time_passes_while_nobody_waits),
    TEST(a_timer_is_never_early),
    TEST(a_timer_in_the_past_yields_exactly_once),
    TEST(a_timer_in_the_future_is_polled_twice),
    TEST(timers_fire_in_the_order_of_their_deadlines),
    TEST(equal_deadlines_all_fire),
    TEST(a_late_alarm_serves_everybody),
    TEST(no_wait_of_0_to_3_ticks_is_lost),
    TEST(no_wait_of_0_to_3_ticks_is_lost_among_others),
    TEST(no_deadline_that_passes_while_masked_is_lost),
    TEST(cancelled_timers_never_fire),
    TEST(a_timer_for_never_does_not_disturb_the_others),
    TEST(a_ticker_is_never_early_and_does_not_drift),
    TEST(a_late_ticker_catches_up),
};

int main(void)
{
    RUN_TESTS(tests);
}

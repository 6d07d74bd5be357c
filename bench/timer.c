/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Delays, with N = 0, 10, 100, 1000 other tasks asleep: due until the task runs, call until the hart sleeps,
 * and their sum, which is all that a delay costs. Then starting and cancelling, of the earliest and of the
 * last deadline.
 *
 * Flow: AWAIT(em_timer_after) -> the queue -> the alarm -> the task
 */
#include "bench.h"

#include <em/async.h>

/* The rows of one N. */
enum { DUE_TASK, CALL_IDLE, TOTAL, START_FIRST, CANCEL_FIRST, START_LAST, CANCEL_LAST, ROWS };
#define ROWS_OF(n)                                                                                           \
    {.name = "timer_" #n "_due_task"}, {.name = "timer_" #n "_call_idle"}, {.name = "timer_" #n "_total"},   \
        {.name = "timer_" #n "_start_first"}, {.name = "timer_" #n "_cancel_first"},                         \
        {.name = "timer_" #n "_start_last"}, {.name = "timer_" #n "_cancel_last"}

static bench_row rows[] = {ROWS_OF(0), ROWS_OF(10), ROWS_OF(100), ROWS_OF(1000)};
static const unsigned others[] = {0, 10, 100, 1000};
static em_signal ended;

TASK(sleeper, POOL(1000), ARGS((em_instant, at)), VARS(em_timer timer))
{
    ASYNC {
        AWAIT(em_timer_at(&self->timer, self->at));
    }
}

/* Start and cancel: a timer polled by hand, by who may poll it. */
static void start_and_cancel(em_context *cx, em_duration d, bench_row *start, bench_row *cancel)
{
    em_timer timer;
    em_timer_after(&timer, d);
    BENCH_START();
    (void)em_future_poll(&timer.future, cx);
    BENCH_SAMPLE(start, BENCH_COUNT);
    BENCH_START();
    em_future_drop(&timer.future);
    BENCH_SAMPLE(cancel, BENCH_COUNT);
}

static em_poll start_and_cancel_both(void *arg, em_context *cx)
{
    bench_row *row = (bench_row *)arg;
    start_and_cancel(cx, em_us(50), &row[START_FIRST], &row[CANCEL_FIRST]);
    start_and_cancel(cx, em_secs(7200), &row[START_LAST], &row[CANCEL_LAST]);
    return EM_READY;
}

/* A task of its own, as small as a user's. */
TASK(delays, ARGS((bench_row *, row)), VARS(em_timer timer; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(em_timer_after(&self->timer, em_us(50)));
            BENCH_SAMPLE(&self->row[DUE_TASK], bench_wake_to(bench_stamp));
            bench_sample(&self->row[CALL_IDLE], bench_start_to_sleep());
            bench_sample(&self->row[TOTAL], bench_last_wake() + bench_start_to_sleep());
        }
        em_signal_set(&ended);
    }
}

MAIN(VARS(em_signal_wait_future wait; em_poll_fn by_hand; unsigned n; unsigned sleepers; unsigned i; em_instant hour))
{
    ASYNC {
        bench_self_test();
        self->hour = em_instant_add(em_now(), em_secs(3600));
        for (self->n = 0; self->n < 4; self->n++) {
            for (; self->sleepers < others[self->n]; self->sleepers++) {
                em_must_spawn(self->spawner, sleeper(em_instant_add(self->hour, em_ticks(self->sleepers))));
            }
            YIELD();
            em_must_spawn(self->spawner, delays(&rows[self->n * ROWS]));
            AWAIT(em_signal_wait(&self->wait, &ended));
            for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
                AWAIT(em_poll_fn_start(&self->by_hand, start_and_cancel_both, &rows[self->n * ROWS]));
            }
        }
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Signals and waker cells between harts: each set is taken once, also when the taker is cancelled.
 *
 * Flow: main.c -> here -> world.c, sync/
 */
#include "scenarios.h"
#include "world.h"

#include <em/signal.h>
#include <em/waker_cell.h>
#include <string.h>

EM_SIGNAL_TYPE(latest, int);

typedef struct waiter {
    life life;
    em_signal_wait_future wait;
    unsigned got;
} waiter;

typedef struct reader {
    life life;
    latest_wait_future wait;
    int last;
} reader;

static waiter waiters[2];
static reader one_reader;
static em_signal signal;
static latest value;
static em_task_handle handles[2];

/* Takes the signal once, and ends. Polled at first, and when it was given it: twice, if a reset took it back. */
static em_poll wait_body(life *l, em_context *cx)
{
    waiter *w = (waiter *)(void *)l;
    explore_check(l->polls <= 3);
    if (l->step == 0) {
        em_signal_wait(&w->wait, &signal);
        l->step = 1;
    }
    em_poll p = em_future_poll(&w->wait.future, cx);
    if (p.ready) {
        w->got++;
        memset(&w->wait, 0xee, sizeof w->wait);
    }
    return p;
}

static void wait_drop(life *l)
{
    waiter *w = (waiter *)(void *)l;
    if (l->step == 1) {
        em_future_drop(&w->wait.future);
        memset(&w->wait, 0xee, sizeof w->wait);
    }
}

static void set(uintptr_t times)
{
    while (times-- > 0) {
        em_signal_set(&signal);
    }
}

static void cancel_first(uintptr_t unused)
{
    (void)unused;
    em_task_cancel(handles[0]);
}

static void set_reset_set(uintptr_t unused)
{
    (void)unused;
    em_signal_set(&signal);
    em_signal_reset(&signal);
    em_signal_set(&signal);
}

static void start_waiters(void)
{
    world_reset();
    memset(waiters, 0, sizeof waiters);
    memset(&signal, 0, sizeof signal);
    for (unsigned i = 0; i < 2; i++) {
        waiters[i].life.body = wait_body;
        waiters[i].life.on_drop = wait_drop;
        explore_check(world_spawn_handle(i, &waiters[i].life, world_executor(i), &handles[i]));
        explore_hart(i, world_run_executor, i);
    }
}

/* Nobody may be left waiting for a signal that is set. */
static unsigned taken(void)
{
    world_quiet();
    bool somebody_waits = !waiters[0].life.ended || !waiters[1].life.ended;
    explore_check(!(em_signal_is_set(&signal) && somebody_waits));
    return waiters[0].got + waiters[1].got + em_signal_is_set(&signal);
}

/* Two sets, one from an interrupt on a waiter's hart; two waiters. */
static void signal_setup(void)
{
    start_waiters();
    explore_hart(2, set, 1);
    explore_interrupt(0, 0, set, 1, 1);
}

static void signal_quiet(void)
{
    explore_check(taken() >= 1); /* two sets may be one */
}

/* One set; the first waiter is cancelled, perhaps after it was given the signal. */
static void signal_cancel_setup(void)
{
    start_waiters();
    world_settle();
    explore_hart(2, set, 1);
    explore_hart(3, cancel_first, 0);
}

static void signal_cancel_quiet(void)
{
    explore_check(taken() == 1);
}

static void signal_reset_setup(void)
{
    start_waiters();
    world_settle();
    explore_hart(2, set_reset_set, 0);
    explore_hart(3, cancel_first, 0);
}

static void signal_reset_quiet(void)
{
    unsigned n = taken();
    explore_check(n == 1 || n == 2);
}

/* -- a signal with a value ------------------------------------------------------------------------ */

static em_poll read_body(life *l, em_context *cx)
{
    reader *r = (reader *)(void *)l;
    for (;;) {
        if (l->step == 0) {
            latest_wait(&r->wait, &value);
            l->step = 1;
        }
        if (!em_future_poll(&r->wait.future, cx).ready) {
            return EM_PENDING;
        }
        explore_check(r->wait.out > r->last);
        r->last = r->wait.out;
        l->step = 0;
    }
}

static void set_values(uintptr_t unused)
{
    (void)unused;
    for (int v = 1; v <= 3; v++) {
        latest_set(&value, v);
    }
}

static void value_setup(void)
{
    world_reset();
    memset(&value, 0, sizeof value);
    one_reader = (reader){.life.body = read_body};
    explore_check(world_spawn(0, &one_reader.life, world_executor(0)));
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, set_values, 0);
}

static void value_quiet(void)
{
    world_quiet();
    explore_check(one_reader.last == 3);
}

/* -- waker cell ----------------------------------------------------------------------------------- */

static em_waker_cell cell;
static int32_t happened;
static life cell_task;

static em_poll cell_body(life *l, em_context *cx)
{
    (void)l;
    em_waker_cell_set(&cell, em_context_waker(cx));
    return em_atomic_load(&happened) >= 2 ? EM_READY : EM_PENDING;
}

static void happen(uintptr_t unused)
{
    (void)unused;
    em_atomic_add(&happened, 1);
    em_waker_cell_wake(&cell);
}

static void cell_setup(void)
{
    world_reset();
    memset(&cell, 0, sizeof cell);
    happened = 0;
    cell_task = (life){.body = cell_body};
    explore_check(world_spawn(0, &cell_task, world_executor(0)));
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, happen, 0);
    explore_interrupt(0, 0, happen, 0, 1);
}

static void cell_quiet(void)
{
    world_quiet();
    explore_check(cell_task.ended);
}

const explore_scenario scenarios_signal[] = {
    {"signal", signal_setup, signal_quiet},
    {"signal_cancel", signal_cancel_setup, signal_cancel_quiet},
    {"signal_reset", signal_reset_setup, signal_reset_quiet},
    {"signal_value", value_setup, value_quiet},
    {"waker_cell", cell_setup, cell_quiet},
    {NULL, NULL, NULL},
};

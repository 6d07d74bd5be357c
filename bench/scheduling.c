/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Yields as yield.c's, but by an executor with priorities; or, in a second build, with deadlines, where each task sets
 * its next deadline before it yields. 1 to 1000 tasks are ready, all of one priority.
 *
 * Flow: YIELD -> run queue -> a line -> the next task
 */
#include "rounds.h"

#include <em/async.h>

enum { SIZES = 5, SET = SIZES, SET_WAITING };

#if EM_CFG_DEADLINES
#define NEXT_DEADLINE() em_set_deadline(latest = em_instant_add(em_deadline(), em_ticks(1000)))
#define POLICY "edf"
#else
#define NEXT_DEADLINE() ((void)0)
#define POLICY "priority"
#endif

static bench_row rows[] = {
    {.name = POLICY "_yield_1", .divisor = 1},     {.name = POLICY "_yield_2", .divisor = 2},
    {.name = POLICY "_yield_10", .divisor = 10},   {.name = POLICY "_yield_100", .divisor = 100},
    {.name = POLICY "_yield_1000", .divisor = 1000},
    {.name = POLICY "_set"},                       {.name = POLICY "_set_waiting"},
};

#if EM_CFG_DEADLINES
static em_instant latest; /* where a new task begins, so that it has not to catch up */
#endif

TASK(stamper, PRIORITY(1))
{
    ASYNC {
#if EM_CFG_DEADLINES
        em_set_deadline((em_instant){1000});
#endif
        for (;;) {
            STAMP();
            NEXT_DEADLINE();
            YIELD();
        }
    }
}

TASK(yielder, POOL(999), PRIORITY(1))
{
    ASYNC {
        for (;;) {
            NEXT_DEADLINE();
            YIELD();
        }
    }
}

TASK(waiting, PRIORITY(1), VARS(em_signal never; em_signal_wait_future wait))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &self->never));
    }
}

/* Who has no deadline yet would not be polled beside those who have. */
static void start_yielder(em_spawner s)
{
    em_task_handle h;
    if (em_spawn_handle(s, yielder(), &h) != EM_OK) {
        bench_fail("no room");
    }
#if EM_CFG_DEADLINES
    em_task_set_deadline(h, latest);
#endif
}

static void set(uint8_t p, em_task_handle h)
{
#if EM_CFG_DEADLINES
    em_instant t = {1000UL + p};
    BENCH_OF(&rows[SET], em_set_deadline(t));
    BENCH_OF(&rows[SET_WAITING], em_task_set_deadline(h, t));
    em_set_deadline(EM_INSTANT_MAX);
#else
    BENCH_OF(&rows[SET], em_set_priority(p));
    BENCH_OF(&rows[SET_WAITING], em_task_set_priority(h, p));
    em_set_priority(1);
#endif
}

MAIN(VARS(em_timer pause; unsigned row; unsigned others; em_task_handle waiting))
{
    ASYNC {
        bench_self_test();
        if (em_spawn_handle(self->spawner, waiting(), &self->waiting) != EM_OK) {
            bench_fail("no room");
        }
        YIELD();
        for (unsigned i = 0; i < BENCH_ROUNDS; i++) {
            set((uint8_t)(i % EM_PRIORITIES), self->waiting);
        }
        em_must_spawn(self->spawner, stamper());
        for (self->row = 0; self->row < SIZES; self->row++) {
            for (; self->others < rows[self->row].divisor - 1; self->others++) {
                start_yielder(self->spawner);
            }
            AWAIT(em_timer_after(&self->pause, em_ms(20)));
            sample_rounds(&rows[self->row]);
        }
        BENCH_END(rows);
    }
}

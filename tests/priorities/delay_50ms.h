/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One task delays 50 ms at a time, others compute without end. How late is it? Each sort says which priorities there
 * are, and how long the others compute between two awaits.
 */
#pragma once

#ifdef __clang__ /* tasks in a file that others include: on purpose */
#pragma clang diagnostic ignored "-Wstatic-in-inline"
#endif

#include <em/async.h>
#include <em/board.h>

static const uint64_t tick_ns = 1000000000 / EM_TICK_HZ;

/* Reading the clock would take QEMU long. */
static void compute(unsigned us)
{
    long n = (long)us * 500; /* two instructions, a nanosecond each */
    __asm__ volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r"(n));
}

TASK(busy, POOL(BUSY))
{
    ASYNC {
        for (;;) {
            compute(COMPUTES_US);
            YIELD();
        }
    }
}

static const char *yes(bool x)
{
    return x ? "yes" : "no";
}

TASK(delayed, DELAYED VARS(em_timer t; em_instant begin; uint64_t sum; uint64_t max; int i))
{
    ASYNC {
        for (self->i = 0; self->i < DELAYS; self->i++) {
            self->begin = em_now();
            AWAIT(em_timer_after(&self->t, em_ms(50)));
            uint64_t late = (em_now().ticks - self->begin.ticks) * tick_ns - 50000000;
            self->sum += late;
            self->max = late > self->max ? late : self->max;
        }
        uint64_t mean = self->sum / DELAYS;
        em_print("late by %d us, at most %d us\n", (int)(mean / 1000), (int)(self->max / 1000));
        em_print("mean within 0.25 %%: %s\n", yes(mean <= 125000));
        em_print("all within 1 ms: %s\n", yes(self->max <= 1000000));
        em_print("mean late by more than 50 %%: %s\n", yes(mean > 25000000));
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        for (int i = 0; i < BUSY; i++) {
            em_must_spawn(self->spawner, busy());
        }
        em_must_spawn(WHERE, delayed());
    }
}

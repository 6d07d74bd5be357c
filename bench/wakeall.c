/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * SLEEPERS tasks that are due at the same moment and sleep again until the next: from the alarm until the
 * last of them sleeps. The longest stretch with interrupts masked is found in the trace.
 *
 * Flow: the alarm -> the timer queue -> every task -> the timer queue
 */
#include "bench.h"

#include <em/async.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
static bench_row rows[] = {{.name = "wakeall_" TEXT(SLEEPERS) "_total"}};

TASK(sleeper, POOL(SLEEPERS), ARGS((em_instant, at)), VARS(em_timer timer))
{
    ASYNC {
        for (;;) {
            self->at = em_instant_add(self->at, em_ms(10));
            AWAIT(em_timer_at(&self->timer, self->at));
        }
    }
}

/* The first sleep follows the start. */
static void sample_stretch(void)
{
    static unsigned sleeps;

    if (sleeps++ > 0) {
        bench_sample(&rows[0], bench_stretch());
    }
    if (sleeps > BENCH_ROUNDS) {
        BENCH_END(rows);
    }
}

MAIN(VARS(unsigned i; em_instant now))
{
    ASYNC {
        bench_self_test();
        self->now = em_now();
        for (self->i = 0; self->i < SLEEPERS; self->i++) {
            em_must_spawn(self->spawner, sleeper(self->now));
        }
        bench_before_sleep = sample_stretch;
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several passive runners that wait for one object, and what a model of that object says about them:
 * who waits, in which order, who was handed what it waits for, how often each was woken.
 */
#pragma once

#include "runner.h"

#define WAITERS 5

typedef struct waiters {
    runner runner[WAITERS];
    unsigned wakes[WAITERS]; /* as the model has it */
    bool handed[WAITERS];
    unsigned queue[WAITERS]; /* who waits, longest first */
    unsigned count;
} waiters;

static inline void waiters_begin(waiters *w)
{
    test_run(); /* wakes that the last test left behind */
    test_begin();
    for (unsigned i = 0; i < WAITERS; i++) {
        w->runner[i].future = NULL;
        w->runner[i].wakes = 0;
        w->wakes[i] = 0;
        w->handed[i] = false;
    }
    w->count = 0;
}

/* Start waiting, with the counts going on. */
static inline void waiters_start(waiters *w, unsigned i, em_future *f)
{
    unsigned wakes = w->runner[i].wakes;
    runner_start_passive(&w->runner[i], f);
    w->runner[i].wakes = wakes;
}

static inline bool waiters_pending(const waiters *w, unsigned i)
{
    return w->runner[i].future != NULL;
}

/* Model: i waits, behind all others. */
static inline void waiters_queue(waiters *w, unsigned i)
{
    w->queue[w->count++] = i;
}

/* Model: does i wait? */
static inline bool waiters_queued(const waiters *w, unsigned i)
{
    bool queued = false;
    for (unsigned n = 0; n < w->count; n++) {
        queued |= w->queue[n] == i;
    }
    return queued;
}

/* Model: i leaves the queue, if it is there. */
static inline void waiters_unqueue(waiters *w, unsigned i)
{
    unsigned kept = 0;
    for (unsigned n = 0; n < w->count; n++) {
        if (w->queue[n] != i) {
            w->queue[kept++] = w->queue[n];
        }
    }
    w->count = kept;
}

/* Model: the longest waiting one is handed something and woken. Returns who. There is one. */
static inline unsigned waiters_hand_over(waiters *w)
{
    unsigned i = w->queue[0];
    waiters_unqueue(w, i);
    w->handed[i] = true;
    w->wakes[i]++;
    return i;
}

/* Was everybody woken as often as the model says, and no more? */
static inline bool waiters_agree(waiters *w)
{
    test_run();
    for (unsigned i = 0; i < WAITERS; i++) {
        EXPECT(w->runner[i].wakes == w->wakes[i]);
    }
    return true;
}

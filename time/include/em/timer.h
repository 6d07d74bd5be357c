/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Timers: wait until a moment.
 *
 * Flow: em_timer_after -> timer.c -> timer_queue.c
 *
 * Rules for timers:
 *  - Never ready early, and never at the first poll: a timer in the past yields once.
 *  - EM_INSTANT_MAX never comes.
 */
#pragma once

#include <em/timer_queue.h>

/* 48 bytes. Waiting: link is not NULL. Fired: link is NULL, task is not. */
struct em_timer {
    em_future future;
    uint64_t at;
    em_task *task;
    em_timer *child; /* the heap: first child, next sibling, and whatever points here */
    em_timer *next;
    em_timer **link;
};

extern const em_future_ops em_timer_ops;

#if EM_CFG_CHECKS
extern const em_check_kind em_timer_kind_;
#endif

/**
 * Awaitable: the time is @p at or later.
 *
 * Context: task
 * Units:   ticks of EM_TICK_HZ
 * Cancel:  loses nothing; the timer leaves the queue at once
 * Cost:    O(1) to start, O(log n) amortised to fire or to cancel, n timers waiting; no interrupts masked
 */
static inline em_timer *em_timer_at(em_timer *t, em_instant at)
{
    t->future.ops = &em_timer_ops;
    t->at = at.ticks;
    t->task = NULL;
    t->link = NULL;
    return t;
}

/** Awaitable: @p d has passed since this call, saturating: an overflow is never. As em_timer_at(). Context: task */
static inline em_timer *em_timer_after(em_timer *t, em_duration d)
{
    return em_timer_at(t, em_instant_add(em_now(), d));
}

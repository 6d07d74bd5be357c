/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A future with a time limit. WITH_TIMEOUT and WITH_DEADLINE are the two constructors here.
 *
 * Flow: WITH_TIMEOUT (macros/) -> em_timeout_after_ -> poll -> the inner future, then a timer
 */
#pragma once

#include <em/timer.h>

typedef struct em_timeout {
    em_future future;
    int out; /* EM_OK: the inner future is ready; EM_ERR_TIMEOUT: the time was up first, and it is dropped */
    em_future *inner;
    em_timer timer;
} em_timeout;

extern const em_future_ops em_timeout_ops;

/**
 * Construct a wait for @p inner until @p at.
 *
 * The inner future is polled before the clock is asked: a result that comes with the deadline is a result.
 *
 * Context: task
 * Cancel:  drops the inner future; loses what that loses
 * Cost:    a timer, started and cancelled
 */
static inline em_timeout *em_timeout_at_(em_timeout *t, em_instant at, em_future *inner)
{
    t->future.ops = &em_timeout_ops;
    t->inner = inner;
    em_timer_at(&t->timer, at);
    return t;
}

/** Construct a wait for @p inner for as long as @p d from now. As em_timeout_at_(). Context: task */
static inline em_timeout *em_timeout_after_(em_timeout *t, em_duration d, em_future *inner)
{
    return em_timeout_at_(t, em_instant_add(em_now(), d), inner);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** Let the other ready tasks run once. YIELD() (macros/) does it without storage. */
#pragma once

#include <em/future.h>

typedef struct em_yield {
    em_future future;
    uintptr_t yielded;
} em_yield;

extern const em_future_ops em_yield_ops;

/**
 * Awaitable: every task that is ready now has been polled once.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    one poll
 */
static inline em_yield *em_yield_now(em_yield *y)
{
    *y = (em_yield){.future = {&em_yield_ops}};
    return y;
}

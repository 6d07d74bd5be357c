/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** A future made of one function, for a wait too small to deserve a type. */
#pragma once

#include <em/future.h>

typedef struct em_poll_fn {
    em_future future;
    em_poll (*fn)(void *arg, em_context *cx);
    void *arg;
} em_poll_fn;

extern const em_future_ops em_poll_fn_ops;

/**
 * Awaitable: @p fn has returned EM_READY. It is called at every poll with @p arg; when it returns
 * EM_PENDING it has seen to it that em_context_waker(cx) is woken.
 *
 * Context: task
 * Shapes:  @p arg is borrowed until ready or dropped
 * Cancel:  drop does nothing: for what fn registers that must be undone, write a future of its own
 * Cost:    two indirect calls a poll
 */
static inline em_poll_fn *em_poll_fn_start(em_poll_fn *storage, em_poll (*fn)(void *arg, em_context *cx), void *arg)
{
    storage->future.ops = &em_poll_fn_ops;
    storage->fn = fn;
    storage->arg = arg;
    return storage;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** A look at a future: is it ready now? POLL_ONCE(f) is em_poll_once() of f's future. */
#pragma once

#include <em/future.h>
#include <stdbool.h>

/**
 * Poll @p f, which was constructed, once; drop it if it is not ready. For operations without a try_ of their own.
 *
 * The caller is woken spuriously at most.
 *
 * Context: task (asserts), also in a plain function that it calls
 * Returns: true: it was ready, and its result is in its storage. False: it is dropped, and lost what that loses
 * Cost:    one poll, one drop
 */
bool em_poll_once(em_future *f);

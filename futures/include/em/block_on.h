/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** Wait for a future from code that is no task: init, and main() on the host. */
#pragma once

#include <em/executor.h>

/**
 * Run this hart's thread executor until @p f is ready, sleeping while nothing is.
 *
 * Other tasks of that executor run meanwhile, so @p f may depend on them.
 *
 * Context: init (asserts in a task and in an ISR)
 * Returns: EM_OK
 * Cost:    one hart one call at a time
 */
int em_block_on(em_future *f);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One poll, in the name of the task that runs.
 *
 * Flow: POLL_ONCE -> here -> the future's poll and drop
 */
#include <em/assert.h>
#include <em/executor.h>
#include <em/poll_once.h>

bool em_poll_once(em_future *f)
{
    em_task *task = em_running_task();
    EM_ASSERT(task != NULL);
    if (em_future_poll(f, task).ready) {
        return true;
    }
    em_future_drop(f);
    return false;
}

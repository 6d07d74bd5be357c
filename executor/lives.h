/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Does the task that a handle names live? An answer lasts as long as em_lives_ is held.
 *
 * Flow: task.c, join.c, priority.c -> here
 */
#pragma once

#include <em/task.h>

/* Guards generations against cancel, join and changes of priority, and the list of joins. A pool's lock nests in it. */
extern em_lock em_lives_;

static inline bool em_is_alive_(em_task_handle h)
{
    return h.task && h.task->generation == h.generation;
}

/* Wake who waits for the life of @p t that has just ended (join.c). */
void em_wake_joins_(em_task *t, uint32_t generation);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Priorities: which of an executor's ready tasks is polled next.
 *
 * Flow: TASK(…, PRIORITY(p)), em_set_priority, em_task_set_priority -> the task's state -> priority.c
 *
 * Rules for priorities:
 *  - 0 is low and what a task has that says nothing, 7 is high. Each executor polls the highest of its ready tasks,
 *    and looks again after each poll; nobody is interrupted (em/level.h does that).
 *  - Tasks of one priority take turns: first ready, first polled.
 *  - Nobody starves: each EM_PRIORITY_TURN th poll goes to the priorities in turn, whatever is ready above. So one
 *    that has a ready task is polled at least once in EM_PRIORITY_BOUND polls of the executor.
 *  - em_executor_poll() makes as many polls as tasks were ready when it began, and leaves the rest to its next call.
 *  - A program that names none of this and no PRIORITY has nothing of it, in time or in bytes.
 */
#pragma once

#include <em/executor.h>

#define EM_PRIORITIES 8
#define EM_PRIORITY_TURN 16
#define EM_PRIORITY_BOUND (EM_PRIORITY_TURN * EM_PRIORITIES)

/**
 * Give the running task another priority, 0 (low) to 7, from its next poll on.
 *
 * Context: task (asserts elsewhere)
 * Cost:    as em_task_set_priority()
 */
void em_set_priority(uint8_t p);

/**
 * Give a task another priority, 0 (low) to 7, until it ends or is given another one.
 *
 * A ready one moves at once, behind those that are ready there. One that waits goes on waiting. Nothing happens
 * if the task has ended.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(1); if the task is ready, its executor looks once through what is ready before its next poll, however
 *          many have changed until then, with interrupts unmasked
 */
void em_task_set_priority(em_task_handle h, uint8_t p);

/** The priority of a task. Context: task | isr | any hart | init. Errors: EM_ERR_INVAL  the task has ended */
int em_task_priority(em_task_handle h);

/* Whose turn it is between the calls of em_executor_poll(). Executors of a hart that meet here share their turns. */
#define EM_TURNS_ 8
extern uint32_t em_turns_[EM_CFG_MAX_HARTS][EM_TURNS_];

#if EM_CFG_DEADLINES
/** em_deadline(), em_set_deadline() (em/deadline.h). Context: task (asserts elsewhere) */
uintptr_t em_urgency_(void);
void em_set_urgency_(uintptr_t urgency);
/** em_task_set_deadline(). Context: task | isr | any hart | init */
void em_task_set_urgency_(em_task_handle h, uintptr_t urgency);
#endif

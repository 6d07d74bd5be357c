/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The timers that the tasks of one executor wait for: a pairing heap with its nodes in their frames.
 *
 * Flow: timer.c -> here -> em_time_driver_set_alarm;  em_time_on_alarm -> em_executor_request_ -> em_wake
 *
 * Rules for timer queues:
 *  - One an executor, from its first timer on, without being asked for.
 *  - Touched only by who polls that executor: no lock, no interrupt masked. The alarm's ISR only asks the
 *    executor to pop what is due, earliest first, before its next batch. What is due at the same tick is
 *    woken in an unspecified order.
 *  - The hardware's alarm is written only when the earliest deadline changes.
 */
#pragma once

#include <em/executor.h>
#include <em/time.h>

typedef struct em_timer em_timer;

/** Put @p t into the queue of the executor of @p cx; EM_PENDING. Context: task. Cost: O(1) */
em_poll em_timer_start_(em_timer *t, em_context *cx);

/** Take @p t, which is there, out of the queue of the current executor. Context: task. Cost: O(log n) amortised */
void em_timer_cancel_(em_timer *t);

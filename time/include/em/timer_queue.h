/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The timers that the tasks of one executor wait for: a pairing heap with its nodes in their frames.
 *
 * Flow: timer.c -> here -> em_time_driver_set_alarm;  em_time_on_alarm -> the queue's task -> em_wake
 *
 * Rules for timer queues:
 *  - One an executor, touched only by who polls that executor: no lock, no interrupt masked.
 *  - The alarm's ISR only wakes the queue's own task, which then pops what is due, earliest first, in
 *    task context. What is due at the same tick is woken in an unspecified order.
 *  - The hardware's alarm is written only when the earliest deadline changes.
 */
#pragma once

#include <em/executor.h>
#include <em/time.h>

typedef struct em_timer em_timer;

typedef struct em_timer_queue {
    em_task task;   /* woken by the alarm */
    em_future root; /* its frame */
    em_timer *first;
    uint64_t armed; /* what the alarm is set for, UINT64_MAX: not set */
    struct em_timer_queue *next_on_hart;
} em_timer_queue;

/**
 * Give @p e timers: its tasks can wait for time from now on.
 *
 * The thread executors get theirs by themselves, at their first timer. @p q belongs to @p e for ever.
 *
 * Context: init, on the hart that polls e
 */
void em_timer_queue_attach(em_timer_queue *q, em_executor *e);

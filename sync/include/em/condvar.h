/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Condition variables: wait, without the mutex, until somebody says that what it guards has changed.
 *
 *     AWAIT(em_mutex_lock(&self->lock, &m));
 *     while (!there_is_work()) {
 *         AWAIT(em_condvar_wait(&self->wait, &changed, &m));
 *     }
 *     …
 *     em_mutex_unlock(&m);
 *
 * Flow: em_condvar_notify_one -> the longest waiting task -> locks the mutex again -> em_condvar_wait is ready
 *
 * Rules for condition variables:
 *  - A zeroed one is ready for use. Each is used with one mutex at a time.
 *  - The caller of wait holds the mutex (asserts). Ready: it holds it again. In between, and for good once the
 *    wait was dropped, at whatever point, it does not: after a lost SELECT or a timeout, lock again; a FINALLY
 *    unlocks only what was not given to a wait.
 *  - Nothing is lost between the look at the condition and the wait if the condition changes only with the
 *    mutex held. An ISR cannot wait for the mutex: let it set a signal or an event flag instead.
 *  - A notification is for those who wait: with nobody there it is forgotten. Each that waits is notified once,
 *    in order of waiting. Look again in a loop: another may have been faster.
 *  - A wait that is dropped after notify_one chose it passes the notification on.
 */
#pragma once

#include <em/mutex.h>

typedef struct em_condvar {
    em_wait_list waiters;
    uint32_t epoch; /* counts notify_all: who waits since an earlier one is to be notified */
    em_lock lock;
} em_condvar;

typedef struct em_condvar_wait_future {
    union {
        em_future future;
        em_mutex_lock_future relock; /* its node waits here first */
    };
    em_condvar *condvar;
    uint32_t epoch;
    uint8_t stage;
    bool chosen; /* by notify_one */
} em_condvar_wait_future;

extern const em_future_ops em_condvar_wait_ops;

/**
 * Awaitable: unlocks @p m and waits to be notified, without a gap in between; then locks @p m again.
 *
 * Context: task, which holds @p m
 * Cancel:  the mutex is not held afterwards; loses no notification: it goes to the next that waits
 * Cost:    O(1)
 */
em_condvar_wait_future *em_condvar_wait(em_condvar_wait_future *w, em_condvar *cv, em_mutex *m);

/** Let the longest waiting task go on. With or without the mutex. Context: task | isr | any hart. Cost: O(1) */
void em_condvar_notify_one(em_condvar *cv);

/**
 * Let all go on that wait now, in order of waiting. With or without the mutex.
 *
 * Context: task | isr | any hart
 * Cost:    O(waiting tasks), one critical section each
 */
void em_condvar_notify_all(em_condvar *cv);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Mutexes: one task at a time, across awaits.
 *
 * Flow: em_mutex_unlock -> the longest waiting task owns it -> em_mutex_lock is ready
 *
 * Rules for mutexes:
 *  - A zeroed mutex is free. It is not recursive.
 *  - FIFO: unlocking hands it to the longest waiting task; nobody overtakes.
 *  - Unlock it in FINALLY where the task may be cancelled while it holds it.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_list.h>

typedef struct em_mutex {
    em_wait_list waiters;
    uint32_t locked;
    em_lock lock;
} em_mutex;

typedef struct em_mutex_lock_future {
    em_future future;
    em_wait_node node;
    em_mutex *mutex;
} em_mutex_lock_future;

extern const em_future_ops em_mutex_lock_ops;

/**
 * Awaitable: the caller owns the mutex.
 *
 * Context: task
 * Cancel:  loses nothing: a mutex handed over to the dropped wait goes to the next
 * Cost:    O(1)
 */
static inline em_mutex_lock_future *em_mutex_lock(em_mutex_lock_future *l, em_mutex *m)
{
    l->future.ops = &em_mutex_lock_ops;
    em_wait_node_init(&l->node);
    l->mutex = m;
    return l;
}

/** Own it if it is free. Context: task | isr | any hart. Errors: EM_ERR_AGAIN  somebody owns it. Cost: O(1) */
EM_MUST_USE int em_mutex_try_lock(em_mutex *m);

/** Give it up, to the longest waiting task. It must be locked (asserts). Context: task | isr | any hart. Cost: O(1) */
void em_mutex_unlock(em_mutex *m);

/** Does somebody own it? Context: task | isr | any hart; a snapshot */
static inline bool em_mutex_is_locked(const em_mutex *m)
{
    return m->locked != 0;
}

/* -- for EM_MUTEX_TYPE and em_condvar ----------------------------------------------------------- */

/** The poll and the drop of a lock. Context: task */
em_poll em_mutex_lock_poll_(em_future *f, em_context *cx);
void em_mutex_lock_drop_(em_future *f);

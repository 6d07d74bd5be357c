/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Mutexes with priority inheritance: while a task of higher priority waits, the owner has that priority.
 *
 * For tasks of several priorities (em/priority.h) that share a thing. With an em_mutex, an owner of low priority is
 * polled after all that compute at middle priorities, and who waits for it at a high one waits for these too.
 *
 * Flow: em_pi_mutex_lock has to wait -> the owner's priority, that of whom the owner waits for, … -> priority.c
 *
 * Rules for mutexes with priority inheritance:
 *  - A zeroed one is free. It is not recursive. Its owner is a task; an em_condvar wants an em_mutex.
 *  - FIFO: unlocking hands it to the longest waiting task; nobody overtakes. The new owner inherits at once.
 *  - An owner has the highest of its own priority and those of all that wait for any em_pi_mutex that it holds; what it
 *    inherits ends with the unlock, or the cancel, that takes away who it is inherited from.
 *  - If the owner waits for another em_pi_mutex, that one's owner inherits as well, and so on: EM_PI_MUTEX_CHAIN
 *    owners; those further on keep what they have. Of several locks that one task waits for at once (a JOIN of them),
 *    the first is followed; of a lock that it waited for before it had any mutex, none.
 *  - What counts of a waiter is its priority when it polls the lock; a later change (em_set_priority) is seen by its
 *    next poll. What is changed of an owner that inherits is undone when what it inherits changes.
 *  - Between executors and harts it is the number that is inherited: the owner's turn among the tasks of its own
 *    executor. Levels (em/level.h) are not: a task of level 3 does not make one of the thread executor preempt.
 *  - All share one lock between harts. A program that does not use them has nothing of them.
 */
#pragma once

#include <em/priority.h>
#include <em/wait_list.h>

/* How many owners inherit from one wait. */
#define EM_PI_MUTEX_CHAIN 8

typedef struct em_pi_mutex em_pi_mutex;

typedef struct em_pi_mutex_lock_future {
    em_future future;
    em_wait_node node;
    em_pi_mutex *mutex;
    uint32_t generation; /* with the node's waker: the handle of who waits */
    uint8_t priority;    /* as which it is counted in the mutex */
} em_pi_mutex_lock_future;

struct em_pi_mutex {
    em_wait_list waiters;
    em_pi_mutex *next;                    /* of those that are locked */
    em_task_handle owner;                 /* task NULL: it is free */
    em_pi_mutex_lock_future *owner_waits; /* for another one, or NULL */
    uint16_t waiting[EM_PRIORITIES];      /* how many, by priority */
    uint8_t base;                         /* the owner's own priority, if it inherits */
    bool inherits;
};

extern const em_future_ops em_pi_mutex_lock_ops;

/**
 * Awaitable: the caller owns the mutex.
 *
 * Context: task
 * Cancel:  loses nothing: nobody inherits from it then, and a mutex handed over to it goes to the next
 * Cost:    O(1) if it is free; else O(locked em_pi_mutexes) for each owner of the chain, with interrupts masked
 */
static inline em_pi_mutex_lock_future *em_pi_mutex_lock(em_pi_mutex_lock_future *l, em_pi_mutex *m)
{
    l->future.ops = &em_pi_mutex_lock_ops;
    em_wait_node_init(&l->node);
    l->mutex = m;
    return l;
}

/** Own it if it is free. Context: task (asserts elsewhere). Errors: EM_ERR_AGAIN  somebody owns it. Cost: O(1) */
EM_MUST_USE int em_pi_mutex_try_lock(em_pi_mutex *m);

/**
 * Give it up, to the longest waiting task. It must be locked (asserts).
 *
 * The former owner has its own priority again, or what it inherits by other mutexes that it holds.
 *
 * Context: task | isr | any hart
 * Cost:    O(locked em_pi_mutexes); while somebody waits, for each owner of the chain, with interrupts masked
 */
void em_pi_mutex_unlock(em_pi_mutex *m);

/** Does somebody own it? Context: task | isr | any hart; a snapshot */
static inline bool em_pi_mutex_is_locked(const em_pi_mutex *m)
{
    return m->owner.task != NULL;
}

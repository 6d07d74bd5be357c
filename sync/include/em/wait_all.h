/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A wait list whose event is for all who wait: each is woken once, in order of waiting.
 *
 * The building block of publish and subscribe, watches and multi-wakers. Like a wait list it has no lock of its own.
 *
 * Flow: a future's poll -> em_wait_all_wait;  the event -> em_wait_all_wake_release -> em_wake of each -> their polls
 *
 * Rules for waiting for what is for all:
 *  1. Zeroed: nobody waits.
 *  2. One waiter a critical section. Others may come, leave and tell of further events meanwhile, from interrupts
 *     and other harts too.
 *  3. Who comes during an event is not woken by it: it looked after it had happened. So the event ends.
 *  4. Nothing is handed over: a woken task looks for itself, and who is dropped has nothing to pass on.
 */
#pragma once

#include <em/wait_list.h>

typedef struct em_wait_all_node {
    em_wait_node node;
    uint32_t round; /* of the list, when it came */
} em_wait_all_node;

typedef struct em_wait_all {
    em_wait_list waiters;
    uint32_t round; /* counts events: who came in an earlier one is to be woken */
} em_wait_all;

/** Make @p n idle: for constructors. Context: any */
static inline void em_wait_all_node_init(em_wait_all_node *n)
{
    em_wait_node_init(&n->node);
}

/** Wait, behind all others; who waits already keeps its place. Context: task, with the lock. Cost: O(1) */
static inline void em_wait_all_add(em_wait_all *a, em_wait_all_node *n, em_waker waker)
{
    if (!em_wait_node_waiting(&n->node)) {
        n->round = a->round;
    }
    em_wait_list_add(&a->waiters, &n->node, waker);
}

/**
 * The end of a poll that has to wait: em_wait_all_add(), release the lock, EM_PENDING.
 *
 * Context: task, with the lock, which it releases
 * Cost:    O(1)
 */
static inline em_poll em_wait_all_wait(em_wait_all *a, em_wait_all_node *n, em_context *cx, em_lock *lock, em_irq irq)
{
    if (!em_wait_node_waiting(&n->node)) {
        n->round = a->round;
    }
    return em_wait_list_wait(&a->waiters, &n->node, cx, lock, irq);
}

/** em_wait_all_wake_release() where somebody waits. Context: task | isr | any hart, with the lock; releases it */
void em_wait_all_wake_them_(em_wait_all *a, em_lock *lock, em_irq irq);

/**
 * The end of an event: wake all who wait now; release the lock.
 *
 * Context: task | isr | any hart, with the lock, which it releases
 * Cost:    O(waiting tasks), one critical section each
 */
static inline void em_wait_all_wake_release(em_wait_all *a, em_lock *lock, em_irq irq)
{
    if (a->waiters.first) {
        em_wait_all_wake_them_(a, lock, irq);
        return;
    }
    em_lock_release(lock, irq);
}

/** Stop waiting, if it does: before a poll is ready, and in a drop. Context: task, with the lock. Cost: O(1) */
static inline void em_wait_all_leave(em_wait_all *a, em_wait_all_node *n)
{
    if (em_wait_node_waiting(&n->node)) {
        em_wait_list_unlink_(&a->waiters, &n->node);
    }
    em_wait_node_init(&n->node);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A list of waiting tasks: FIFO, nodes in the waiting frames, O(1) to join, to leave and to notify.
 *
 * The building block of everything in sync/ and of the drivers. It has no lock of its own: the object
 * it belongs to has one, and holds it around every call here.
 *
 * Flow: a future's poll -> em_wait_list_add;  the event -> em_wait_list_notify -> em_wake -> poll
 *
 * Rules for wait lists:
 *  1. A zeroed list is empty, a zeroed node is idle. A node is idle, waiting or notified.
 *  2. Notifying hands over: whoever notifies has set aside for that node what it waits for. Its next
 *     poll sees em_wait_node_notified() and takes it without competing.
 *  3. drop of a future whose node is notified passes on what was handed over (em_wait_list_leave() says so).
 *  4. Add, notify and leave with the object's lock held; the wake may be inside.
 */
#pragma once

#include <em/future.h>
#include <em/lock.h>
#include <stdbool.h>

typedef struct em_wait_node {
    struct em_wait_node *next; /* in a ring; NULL: idle; or EM_WAIT_NOTIFIED_ */
    struct em_wait_node *prev;
    em_waker waker;
} em_wait_node;

#define EM_WAIT_NOTIFIED_ ((em_wait_node *)1)

#if EM_CFG_CHECKS
extern const em_check_kind em_wait_kind_;
#endif

typedef struct em_wait_list {
    em_wait_node *first;
} em_wait_list;

/** Make @p n idle: for constructors. Context: any */
static inline void em_wait_node_init(em_wait_node *n)
{
    n->next = NULL;
}

/** Is it in a list? Context: with the lock */
static inline bool em_wait_node_waiting(const em_wait_node *n)
{
    return (uintptr_t)n->next > (uintptr_t)EM_WAIT_NOTIFIED_;
}

/** Was it taken out by a notify, and not been made idle since? Context: with the lock */
static inline bool em_wait_node_notified(const em_wait_node *n)
{
    return n->next == EM_WAIT_NOTIFIED_;
}

/** Does nobody wait? Context: with the lock, or as a hint without */
static inline bool em_wait_list_empty(const em_wait_list *l)
{
    return l->first == NULL;
}

/**
 * Wait, behind all others; if @p n waits already, keep its place and take the new waker.
 *
 * Context: task, with the lock
 * Cost:    O(1)
 */
void em_wait_list_add(em_wait_list *l, em_wait_node *n, em_waker waker);

/* Take @p n, which waits, out of its ring. Context: with the lock */
static inline void em_wait_list_unlink_(em_wait_list *l, em_wait_node *n)
{
    em_check_unlink_(n);
    em_wait_node *next = n->next;
    if (next == n) {
        l->first = NULL;
        return;
    }
    em_check_linked_(next);
    em_check_linked_(n->prev);
    next->prev = n->prev;
    n->prev->next = next;
    if (l->first == n) {
        l->first = next;
    }
}

/**
 * Take the longest waiting node out and mark it notified.
 *
 * Context: task | isr | any hart, with the lock; wake the node's waker afterwards, by
 *          em_wake(n->waker), before the lock is released or with a copy after it
 * Cost:    O(1)
 * Returns: the node, or NULL if nobody waits
 */
static inline em_wait_node *em_wait_list_notify(em_wait_list *l)
{
    em_wait_node *n = l->first;
    if (n) {
        em_wait_list_unlink_(l, n);
        n->next = EM_WAIT_NOTIFIED_;
    }
    return n;
}

/** em_wait_list_wait() where somebody waits already. Context: task, with the lock, which it releases */
em_poll em_wait_list_wait_behind_(em_wait_list *l, em_wait_node *n, em_context *cx, em_lock *lock, em_irq irq);

/**
 * The end of a poll that has to wait: em_wait_list_add(), release the lock, EM_PENDING.
 *
 * Context: task, with the lock, which it releases
 * Cost:    O(1)
 */
static inline em_poll em_wait_list_wait(em_wait_list *l, em_wait_node *n, em_context *cx, em_lock *lock, em_irq irq)
{
    if (l->first) {
        return em_wait_list_wait_behind_(l, n, cx, lock, irq);
    }
    em_check_link_(&em_wait_kind_, n, cx);
    n->waker = em_context_waker(cx);
    n->next = n;
    n->prev = n;
    l->first = n;
    em_lock_release(lock, irq);
    return EM_PENDING;
}

/**
 * The end of an event for which somebody waits: notify the first, release the lock, then wake it.
 *
 * Context: task | isr | any hart, with the lock, which it releases; the list is not empty
 * Cost:    O(1)
 */
static inline void em_wait_list_wake_release(em_wait_list *l, em_lock *lock, em_irq irq)
{
    em_wait_node *n = l->first;
    em_check_linked_(n);
    em_waker waker = n->waker; /* a copy: from the release on the frame may be gone */
    em_wait_list_unlink_(l, n);
    n->next = EM_WAIT_NOTIFIED_;
    em_lock_release(lock, irq);
    em_wake(waker);
}

/* The same where the lock is only the mask. Not inline. */
void em_wait_list_wake_restore_(em_wait_list *l, em_irq irq);

/* The same, for objects of which many files have a part inline: one for all of them, optimising for size. Not with
 * Clang, which then finds more to share between functions, and calls more. */
#if defined(__OPTIMIZE_SIZE__) && !defined(__clang__) && EM_CFG_MAX_HARTS == 1
#define em_wait_list_wake_release_shared_(l, lock, irq) em_wait_list_wake_restore_(l, irq)
#else
#define em_wait_list_wake_release_shared_(l, lock, irq) em_wait_list_wake_release(l, lock, irq)
#endif

/** Notify and wake the longest waiting node. False: nobody waits. Context, cost: as em_wait_list_notify() */
static inline bool em_wait_list_wake_one(em_wait_list *l)
{
    em_wait_node *n = em_wait_list_notify(l);
    if (n) {
        em_wake(n->waker);
    }
    return n != NULL;
}

/**
 * Stop waiting: the drop of a future.
 *
 * Context: task, with the lock
 * Cost:    O(1)
 * Returns: true if @p n had been notified: the caller must pass on what was handed over
 */
bool em_wait_list_leave(em_wait_list *l, em_wait_node *n);

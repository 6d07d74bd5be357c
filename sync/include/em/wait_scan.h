/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A wait list whose event may serve any of those who wait, not only the first: it looks at all of them.
 *
 * The building block of event flags and greedy semaphores. Like a wait list it has no lock of its own.
 *
 * Flow: the event -> em_wait_scan_begin, then in critical sections: em_wait_scan_next -> em_wait_scan_notify -> em_wake
 *
 * Rules for scans:
 *  1. One waiter a critical section. The place of the scan is kept here, so that others may come and leave
 *     meanwhile, from interrupts and other harts too; leave only by em_wait_scan_leave().
 *  2. An event during a scan begins anew, for both: each of the two looks at whoever is next, until none is.
 *     So every waiter is looked at after the last event.
 *  3. Who comes to wait during a scan is behind all others and is looked at in its turn. Where nobody may
 *     overtake, it takes nothing before (em_wait_scan_busy()).
 */
#pragma once

#include <em/wait_list.h>

typedef struct em_wait_scan {
    em_wait_list waiters;
    em_wait_node *next; /* to be looked at; NULL: no scan is under way */
} em_wait_scan;

/** Look at all, from the longest waiting on. Context: task | isr | any hart, with the lock. Cost: O(1) */
static inline void em_wait_scan_begin(em_wait_scan *s)
{
    s->next = s->waiters.first;
}

/** Is somebody still to be looked at? Context: with the lock */
static inline bool em_wait_scan_busy(const em_wait_scan *s)
{
    return s->next != NULL;
}

/** Who is to be looked at now, or NULL: that was the last. Context: task | isr | any hart, with the lock. Cost: O(1) */
static inline em_wait_node *em_wait_scan_next(em_wait_scan *s)
{
    em_wait_node *n = s->next;
    if (n) {
        s->next = n->next == s->waiters.first ? NULL : n->next;
    }
    return n;
}

/**
 * Notify and wake @p n, which em_wait_scan_next() gave in this critical section; release the lock.
 *
 * Context: task | isr | any hart, with the lock, which it releases
 * Cost:    O(1)
 */
static inline void em_wait_scan_wake_release(em_wait_scan *s, em_wait_node *n, em_lock *lock, em_irq irq)
{
    em_waker waker = n->waker; /* a copy: from the release on the frame may be gone */
    em_wait_list_unlink_(&s->waiters, n);
    n->next = EM_WAIT_NOTIFIED_;
    em_lock_release(lock, irq);
    em_wake(waker);
}

/** As em_wait_list_leave(): true if @p n had been notified. Context: task, with the lock. Cost: O(1) */
static inline bool em_wait_scan_leave(em_wait_scan *s, em_wait_node *n)
{
    if (s->next == n) {
        em_wait_scan_next(s);
    }
    return em_wait_list_leave(&s->waiters, n);
}

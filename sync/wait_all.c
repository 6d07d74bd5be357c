/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Waking all who wait.
 *
 * Invariant: rounds do not decrease along the list; outside wake_them everybody waits since this round.
 *
 * Flow: the events of pubsub.c, watch.c, multi_waker.c -> here -> em_wake
 */
#include <em/wait_all.h>

static em_wait_all_node *node_of(em_wait_node *n)
{
    return (em_wait_all_node *)(void *)((char *)n - offsetof(em_wait_all_node, node));
}

void em_wait_all_wake_them_(em_wait_all *a, em_lock *lock, em_irq irq)
{
    em_wait_node *first;
    a->round++;
    while ((first = a->waiters.first) != NULL && node_of(first)->round != a->round) {
        em_wait_list_wake_release(&a->waiters, lock, irq);
        irq = em_lock_acquire(lock);
    }
    em_lock_release(lock, irq);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The barrier: the last of a round begins the next, and lets those of the former go on.
 *
 * Invariant: of this round, `arrived` wait; those of former rounds stand before them in the list.
 *
 * Flow: em_barrier_wait's poll -> release_former -> em_wake -> the others' polls
 */
#include <em/assert.h>
#include <em/barrier.h>

static em_barrier_wait_future *wait_of(em_wait_node *n)
{
    return (em_barrier_wait_future *)(void *)((char *)n - offsetof(em_barrier_wait_future, node));
}

/* With the lock, which it releases: one waiter a critical section. */
static void release_former(em_barrier *b, em_irq irq)
{
    em_wait_node *first;
    while ((first = b->waiters.first) != NULL && wait_of(first)->generation != b->generation) {
        em_wait_list_wake_release(&b->waiters, &b->lock, irq);
        irq = em_lock_acquire(&b->lock);
    }
    em_lock_release(&b->lock, irq);
}

static em_poll barrier_wait_poll(em_future *f, em_context *cx)
{
    em_barrier_wait_future *w = (em_barrier_wait_future *)(void *)f;
    em_barrier *b = w->barrier;
    EM_ASSERT(b->parties > 0);
    em_irq irq = em_lock_acquire(&b->lock);
    if (em_wait_node_notified(&w->node)) {
        em_wait_node_init(&w->node);
        em_lock_release(&b->lock, irq);
        return EM_READY;
    }
    if (!em_wait_node_waiting(&w->node)) {
        w->out = b->parties - ++b->arrived;
        if (w->out == 0) {
            b->arrived = 0;
            b->generation++;
            release_former(b, irq);
            return EM_READY;
        }
        w->generation = b->generation;
    }
    return em_wait_list_wait(&b->waiters, &w->node, cx, &b->lock, irq);
}

static void barrier_wait_drop(em_future *f)
{
    em_barrier_wait_future *w = (em_barrier_wait_future *)(void *)f;
    em_barrier *b = w->barrier;
    em_irq irq = em_lock_acquire(&b->lock);
    if (em_wait_node_waiting(&w->node) && w->generation == b->generation) {
        b->arrived--;
    }
    em_wait_list_leave(&b->waiters, &w->node);
    em_lock_release(&b->lock, irq);
}

const em_future_ops em_barrier_wait_ops = {
    .poll = barrier_wait_poll, .drop = barrier_wait_drop, .name = "barrier_wait"};

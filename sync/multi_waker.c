/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The multi-waker: a list of those to be woken, with its lock.
 *
 * Flow: em_multi_waker_wake -> wait_all.c -> em_wake -> the wait's poll
 */
#include <em/multi_waker.h>

void em_multi_waker_add(em_multi_waker *m, em_wait_all_node *n, em_waker waker)
{
    em_irq irq = em_lock_acquire(&m->lock);
    em_wait_all_add(&m->waiters, n, waker);
    em_lock_release(&m->lock, irq);
}

void em_multi_waker_leave(em_multi_waker *m, em_wait_all_node *n)
{
    em_irq irq = em_lock_acquire(&m->lock);
    em_wait_all_leave(&m->waiters, n);
    em_lock_release(&m->lock, irq);
}

static em_poll next_poll(em_multi_waker_wait_future *w, em_context *cx)
{
    em_multi_waker *m = w->multi;
    em_irq irq = em_lock_acquire(&m->lock);
    if (!em_wait_node_notified(&w->node.node)) {
        return em_wait_all_wait(&m->waiters, &w->node, cx, &m->lock, irq);
    }
    em_wait_all_node_init(&w->node);
    em_lock_release(&m->lock, irq);
    return EM_READY;
}

static em_poll multi_waker_wait_poll(em_future *f, em_context *cx)
{
    em_multi_waker_wait_future *w = (em_multi_waker_wait_future *)(void *)f;
    if (!w->happened) {
        return next_poll(w, cx);
    }
    em_multi_waker_add(w->multi, &w->node, em_context_waker(cx));
    if (!w->happened(w->arg)) {
        return EM_PENDING;
    }
    em_multi_waker_leave(w->multi, &w->node);
    return EM_READY;
}

static void multi_waker_wait_drop(em_future *f)
{
    em_multi_waker_wait_future *w = (em_multi_waker_wait_future *)(void *)f;
    em_multi_waker_leave(w->multi, &w->node);
}

const em_future_ops em_multi_waker_wait_ops = {
    .poll = multi_waker_wait_poll, .drop = multi_waker_wait_drop, .name = "multi_waker_wait"};

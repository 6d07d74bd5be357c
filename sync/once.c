/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Once: whoever begins is alone until it has finished; then all that wait are woken.
 *
 * Invariant: while it is set, who waits is about to be woken; nobody takes it out before.
 *
 * Flow: em_once_init, name_init, name_get_or_init -> em_once_begin_ -> em_once_finish_ -> em_wake -> the get's poll
 */
#include <em/once.h>

bool em_once_begin_(em_once *o)
{
    em_irq irq = em_lock_acquire(&o->lock);
    bool begun = o->state == EM_ONCE_EMPTY_;
    if (begun) {
        em_atomic_store(&o->state, EM_ONCE_BEGUN_);
    }
    em_lock_release(&o->lock, irq);
    return begun;
}

void em_once_finish_(em_once *o)
{
    em_irq irq = em_lock_acquire(&o->lock);
    em_atomic_store(&o->state, EM_ONCE_SET_); /* after the value, for those who look without the lock */
    while (o->state == EM_ONCE_SET_ && !em_wait_list_empty(&o->waiters)) { /* those of before a take are all woken */
        em_wait_list_wake_release(&o->waiters, &o->lock, irq);
        irq = em_lock_acquire(&o->lock);
    }
    em_lock_release(&o->lock, irq);
}

int em_once_init(em_once *o)
{
    if (!em_once_begin_(o)) {
        return EM_ERR_BUSY;
    }
    em_once_finish_(o);
    return EM_OK;
}

bool em_once_take_(em_once *o, em_irq *irq)
{
    *irq = em_lock_acquire(&o->lock);
    if (o->state == EM_ONCE_SET_ && em_wait_list_empty(&o->waiters)) {
        return true;
    }
    em_lock_release(&o->lock, *irq);
    return false;
}

void em_once_taken_(em_once *o, em_irq irq)
{
    em_atomic_store(&o->state, EM_ONCE_EMPTY_);
    em_lock_release(&o->lock, irq);
}

em_poll em_once_get_or_begin_(em_once_get_future *g, em_context *cx, bool *begun)
{
    em_once *o = g->once;
    em_irq irq = em_lock_acquire(&o->lock);
    if (o->state == EM_ONCE_EMPTY_ && begun) {
        em_atomic_store(&o->state, EM_ONCE_BEGUN_);
        *begun = true;
    } else if (o->state != EM_ONCE_SET_) {
        return em_wait_list_wait(&o->waiters, &g->node, cx, &o->lock, irq);
    }
    em_wait_list_leave(&o->waiters, &g->node); /* polled before its turn to be woken */
    em_lock_release(&o->lock, irq);
    return EM_READY;
}

em_poll em_once_get_poll_(em_future *f, em_context *cx)
{
    return em_once_get_or_begin_((em_once_get_future *)(void *)f, cx, NULL);
}

void em_once_get_drop_(em_future *f)
{
    em_once_get_future *g = (em_once_get_future *)(void *)f;
    em_irq irq = em_lock_acquire(&g->once->lock);
    em_wait_list_leave(&g->once->waiters, &g->node);
    em_lock_release(&g->once->lock, irq);
}

const em_future_ops em_once_get_ops = {.poll = em_once_get_poll_, .drop = em_once_get_drop_, .name = "once_get"};

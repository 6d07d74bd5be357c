/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The mutex: ownership passes from hand to hand while anybody waits.
 *
 * Invariant: somebody waits only while it is locked; a notified waiter owns it.
 *
 * Flow: em_mutex_unlock -> wait_list.c -> em_wake -> the lock's poll
 */
#include <em/assert.h>
#include <em/mutex.h>

int em_mutex_try_lock(em_mutex *m)
{
    em_irq irq = em_lock_acquire(&m->lock);
    bool was_free = !m->locked;
    m->locked = 1;
    em_lock_release(&m->lock, irq);
    return was_free ? EM_OK : EM_ERR_AGAIN;
}

/* With the lock, which it releases. */
static void pass_on(em_mutex *m, em_irq irq)
{
    if (!em_wait_list_empty(&m->waiters)) {
        em_wait_list_wake_release(&m->waiters, &m->lock, irq);
        return;
    }
    m->locked = 0;
    em_lock_release(&m->lock, irq);
}

void em_mutex_unlock(em_mutex *m)
{
    em_irq irq = em_lock_acquire(&m->lock);
    EM_ASSERT(m->locked);
    pass_on(m, irq);
}

em_poll em_mutex_lock_poll_(em_future *f, em_context *cx)
{
    em_mutex_lock_future *l = (em_mutex_lock_future *)(void *)f;
    em_mutex *m = l->mutex;
    em_irq irq = em_lock_acquire(&m->lock);
    if (m->locked && !em_wait_node_notified(&l->node)) {
        return em_wait_list_wait(&m->waiters, &l->node, cx, &m->lock, irq);
    }
    m->locked = 1;
    em_wait_node_init(&l->node);
    em_lock_release(&m->lock, irq);
    return EM_READY;
}

void em_mutex_lock_drop_(em_future *f)
{
    em_mutex_lock_future *l = (em_mutex_lock_future *)(void *)f;
    em_irq irq = em_lock_acquire(&l->mutex->lock);
    if (em_wait_list_leave(&l->mutex->waiters, &l->node)) {
        pass_on(l->mutex, irq);
        return;
    }
    em_lock_release(&l->mutex->lock, irq);
}

const em_future_ops em_mutex_lock_ops = {
    .poll = em_mutex_lock_poll_, .drop = em_mutex_lock_drop_, .name = "mutex_lock"};

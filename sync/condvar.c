/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The condition variable: waits in its own list, then, notified, in its mutex's with the same node.
 *
 * Invariant: outside notify, nobody waits since before a notify_all.
 *
 * Flow: em_condvar_wait's poll -> waits, unlocks the mutex;  notify -> em_wake -> the poll -> mutex.c
 */
#include <em/assert.h>
#include <em/condvar.h>

enum stage {
    HOLDING, /* not polled yet: the mutex is held */
    WAITING,
    RELOCKING,
};

static em_condvar_wait_future *wait_of(em_wait_node *n)
{
    return (em_condvar_wait_future *)(void *)((char *)n - offsetof(em_condvar_wait_future, relock.node));
}

/* Notify all from before this epoch and, if `one`, the longest waiting of the others. Releases the lock. */
static void notify(em_condvar *cv, bool one, em_irq irq)
{
    em_wait_node *first;
    while ((first = cv->waiters.first) != NULL) {
        bool chosen = wait_of(first)->epoch == cv->epoch;
        if (chosen && !one) {
            break;
        }
        wait_of(first)->chosen = chosen;
        one = one && !chosen;
        em_wait_list_wake_release(&cv->waiters, &cv->lock, irq);
        irq = em_lock_acquire(&cv->lock);
    }
    em_lock_release(&cv->lock, irq);
}

void em_condvar_notify_one(em_condvar *cv)
{
    notify(cv, true, em_lock_acquire(&cv->lock));
}

void em_condvar_notify_all(em_condvar *cv)
{
    em_irq irq = em_lock_acquire(&cv->lock);
    cv->epoch++;
    notify(cv, false, irq);
}

em_condvar_wait_future *em_condvar_wait(em_condvar_wait_future *w, em_condvar *cv, em_mutex *m)
{
    em_mutex_lock(&w->relock, m);
    w->future.ops = &em_condvar_wait_ops;
    w->condvar = cv;
    w->stage = HOLDING;
    w->chosen = false;
    return w;
}

/* Waits first, unlocks second: who locks the mutex then finds us waiting. */
static em_poll begin(em_condvar_wait_future *w, em_context *cx)
{
    em_condvar *cv = w->condvar;
    EM_ASSERT(em_mutex_is_locked(w->relock.mutex));
    w->stage = WAITING;
    em_irq irq = em_lock_acquire(&cv->lock);
    w->epoch = cv->epoch;
    em_poll pending = em_wait_list_wait(&cv->waiters, &w->relock.node, cx, &cv->lock, irq);
    em_mutex_unlock(w->relock.mutex);
    return pending;
}

static em_poll condvar_wait_poll(em_future *f, em_context *cx)
{
    em_condvar_wait_future *w = (em_condvar_wait_future *)(void *)f;
    em_condvar *cv = w->condvar;
    if (w->stage == HOLDING) {
        return begin(w, cx);
    }
    if (w->stage == WAITING) {
        em_irq irq = em_lock_acquire(&cv->lock);
        if (!em_wait_node_notified(&w->relock.node)) {
            return em_wait_list_wait(&cv->waiters, &w->relock.node, cx, &cv->lock, irq);
        }
        em_wait_node_init(&w->relock.node);
        em_lock_release(&cv->lock, irq);
        w->stage = RELOCKING;
    }
    return em_mutex_lock_poll_(f, cx);
}

static void condvar_wait_drop(em_future *f)
{
    em_condvar_wait_future *w = (em_condvar_wait_future *)(void *)f;
    em_condvar *cv = w->condvar;
    if (w->stage == HOLDING) {
        em_mutex_unlock(w->relock.mutex);
        return;
    }
    if (w->stage == RELOCKING) {
        em_mutex_lock_drop_(f);
    }
    em_irq irq = em_lock_acquire(&cv->lock);
    if (w->stage == WAITING) {
        em_wait_list_leave(&cv->waiters, &w->relock.node);
    }
    notify(cv, w->chosen, irq);
}

const em_future_ops em_condvar_wait_ops = {
    .poll = condvar_wait_poll, .drop = condvar_wait_drop, .name = "condvar_wait"};

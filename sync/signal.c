/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The signal without a value.
 *
 * Invariant: somebody waits only while the state is EMPTY or HANDED.
 *
 * Flow: em_signal_set -> wait_list.c -> em_wake -> the wait's poll
 */
#include <em/signal.h>

void em_signal_set(em_signal *s)
{
    em_signal_post_(s, em_lock_acquire(&s->lock));
}

int em_signal_try_wait(em_signal *s)
{
    em_irq irq = em_lock_acquire(&s->lock);
    bool is_set = s->state == EM_SIGNAL_SET_;
    if (is_set) {
        s->state = EM_SIGNAL_EMPTY_;
    }
    em_lock_release(&s->lock, irq);
    return is_set ? EM_OK : EM_ERR_AGAIN;
}

void em_signal_reset(em_signal *s)
{
    em_irq irq = em_lock_acquire(&s->lock);
    s->state = EM_SIGNAL_EMPTY_; /* who was notified finds it so and waits again */
    em_lock_release(&s->lock, irq);
}

void em_signal_leave_(em_signal *s, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&s->lock);
    if (em_wait_list_leave(&s->waiters, n) && s->state == EM_SIGNAL_HANDED_) {
        s->state = EM_SIGNAL_EMPTY_;
        em_signal_post_(s, irq);
        return;
    }
    em_lock_release(&s->lock, irq);
}

static em_poll signal_wait_poll(em_future *f, em_context *cx)
{
    em_signal_wait_future *w = (em_signal_wait_future *)(void *)f;
    em_signal *s = w->signal;
    em_irq irq = em_lock_acquire(&s->lock);
    if (!em_signal_take_(s, &w->node)) {
        return em_wait_list_wait(&s->waiters, &w->node, cx, &s->lock, irq);
    }
    em_lock_release(&s->lock, irq);
    return EM_READY;
}

static void signal_wait_drop(em_future *f)
{
    em_signal_wait_future *w = (em_signal_wait_future *)(void *)f;
    em_signal_leave_(w->signal, &w->node);
}

const em_future_ops em_signal_wait_ops = {
    .poll = signal_wait_poll, .drop = signal_wait_drop, .name = "signal_wait"};

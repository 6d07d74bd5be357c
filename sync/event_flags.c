/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Event flags: whoever sets some looks at all that wait, in order.
 *
 * Invariant: while no scan is under way, the flags are not enough for anybody who waits.
 *
 * Flow: em_event_flags_set, the drop of a take -> serve -> em_wake -> the wait's poll
 */
#include <em/event_flags.h>

static em_event_flags_wait_future *wait_of(em_wait_node *n)
{
    return (em_event_flags_wait_future *)(void *)((char *)n - offsetof(em_event_flags_wait_future, node));
}

/* With the lock: if there are enough, what is seen of them is in *out, and cleared by a take. */
static bool look(em_event_flags *e, uint32_t wanted, unsigned how, uint32_t *out)
{
    uint32_t seen = e->flags & wanted;
    if (how & EM_EVENT_FLAGS_ALL_ ? seen != wanted : seen == 0) {
        return false;
    }
    if (how & EM_EVENT_FLAGS_TAKE_) {
        e->flags &= ~seen;
    }
    *out = seen;
    return true;
}

/* With the lock, which it releases: set more, look at all who wait, one a critical section. */
static void serve(em_event_flags *e, uint32_t more, em_irq irq)
{
    em_wait_node *n;
    e->flags |= more;
    em_wait_scan_begin(&e->waiters);
    while ((n = em_wait_scan_next(&e->waiters)) != NULL) {
        if (look(e, wait_of(n)->wanted, wait_of(n)->how, &wait_of(n)->out)) {
            em_wait_scan_wake_release(&e->waiters, n, &e->lock, irq);
        } else {
            em_lock_release(&e->lock, irq);
        }
        irq = em_lock_acquire(&e->lock);
    }
    em_lock_release(&e->lock, irq);
}

void em_event_flags_set(em_event_flags *e, uint32_t flags)
{
    serve(e, flags, em_lock_acquire(&e->lock));
}

void em_event_flags_clear(em_event_flags *e, uint32_t flags)
{
    em_irq irq = em_lock_acquire(&e->lock);
    e->flags &= ~flags;
    em_lock_release(&e->lock, irq);
}

int em_event_flags_try_(em_event_flags *e, uint32_t wanted, unsigned how, uint32_t *out)
{
    em_irq irq = em_lock_acquire(&e->lock);
    bool enough = !em_wait_scan_busy(&e->waiters) && look(e, wanted, how, out);
    em_lock_release(&e->lock, irq);
    return enough ? EM_OK : EM_ERR_AGAIN;
}

static em_poll event_flags_wait_poll(em_future *f, em_context *cx)
{
    em_event_flags_wait_future *w = (em_event_flags_wait_future *)(void *)f;
    em_event_flags *e = w->flags;
    em_irq irq = em_lock_acquire(&e->lock);
    if (!em_wait_node_notified(&w->node) &&
        (em_wait_scan_busy(&e->waiters) || !look(e, w->wanted, w->how, &w->out))) {
        return em_wait_list_wait(&e->waiters.waiters, &w->node, cx, &e->lock, irq);
    }
    em_wait_node_init(&w->node);
    em_lock_release(&e->lock, irq);
    return EM_READY;
}

static void event_flags_wait_drop(em_future *f)
{
    em_event_flags_wait_future *w = (em_event_flags_wait_future *)(void *)f;
    em_event_flags *e = w->flags;
    em_irq irq = em_lock_acquire(&e->lock);
    if (em_wait_scan_leave(&e->waiters, &w->node) && (w->how & EM_EVENT_FLAGS_TAKE_)) {
        serve(e, w->out, irq);
        return;
    }
    em_lock_release(&e->lock, irq);
}

const em_future_ops em_event_flags_wait_ops = {
    .poll = event_flags_wait_poll, .drop = event_flags_wait_drop, .name = "event_flags_wait"};

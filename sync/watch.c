/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Watches: versions, and who is told of them. Values are moved by the typed functions of EM_WATCH_TYPE.
 *
 * Invariant: who waits in the list has looked at the latest version, or is about to be woken.
 *
 * Flow: name_send -> em_watch_sent_ -> wait_all.c -> em_wake -> the poll of name_get, name_changed
 */
#include <em/watch.h>

void em_watch_sent_(em_watch *w, bool has_value, em_irq irq)
{
    w->has_value = has_value;
    w->version++;
    em_wait_all_wake_release(&w->readers, &w->lock, irq);
}

bool em_watch_is_still_(em_watch *w, uint64_t version, bool has_value, em_irq *irq)
{
    *irq = em_lock_acquire(&w->lock);
    if (w->version == version && w->has_value == has_value) {
        return true;
    }
    em_lock_release(&w->lock, *irq);
    return false;
}

void em_watch_got_(em_watch_wait_future *f, em_irq irq)
{
    em_watch *w = f->receiver->watch;
    em_wait_all_leave(&w->readers, &f->node); /* polled before its turn to be woken */
    f->receiver->seen = w->version;
    em_lock_release(&w->lock, irq);
}

bool em_watch_wait_and_look_(em_watch_wait_future *f, em_context *cx, bool changed, em_irq *irq)
{
    em_watch *w = f->receiver->watch;
    *irq = em_lock_acquire(&w->lock);
    em_wait_all_add(&w->readers, &f->node, em_context_waker(cx));
    if (em_watch_due_(w, changed ? f->receiver : NULL)) {
        return true;
    }
    em_lock_release(&w->lock, *irq);
    return false;
}

static void mark(em_watch_receiver *r, uint64_t version)
{
    if (r->seen < version) {
        r->seen = version;
    }
}

void em_watch_accept_(em_watch_wait_future *f, uint64_t version)
{
    em_watch *w = f->receiver->watch;
    em_irq irq = em_lock_acquire(&w->lock);
    em_wait_all_leave(&w->readers, &f->node);
    mark(f->receiver, version);
    em_lock_release(&w->lock, irq);
}

void em_watch_mark_(em_watch_receiver *r, uint64_t version)
{
    em_irq irq = em_lock_acquire(&r->watch->lock);
    mark(r, version);
    em_lock_release(&r->watch->lock, irq);
}

void em_watch_wait_drop_(em_future *f)
{
    em_watch_wait_future *wait = (em_watch_wait_future *)(void *)f;
    em_watch *w = wait->receiver->watch;
    em_irq irq = em_lock_acquire(&w->lock);
    em_wait_all_leave(&w->readers, &wait->node);
    em_lock_release(&w->lock, irq);
}

void em_watch_clear_(em_watch *w)
{
    em_irq irq = em_lock_acquire(&w->lock);
    w->has_value = false;
    em_lock_release(&w->lock, irq);
}

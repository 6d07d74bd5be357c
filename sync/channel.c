/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Channels: who waits, and what is set aside for a wait that is dropped. Values are moved by the typed functions of
 * EM_CHANNEL_TYPE.
 *
 * Invariant: a sender waits only while every place is taken or set aside, a receiver only while
 * every value is set aside.
 *
 * Flow: the drop of name_send, name_receive -> offer -> wait_list.c
 */
#include <em/channel.h>

em_poll em_channel_wait_behind_(em_channel *c, em_wait_list *line, em_wait_node *n, em_context *cx, em_irq irq)
{
    em_wait_node *last = line->first->prev;
    if (em_channel_watches_(last)) {
        const em_channel_ready_future *r = (void *)((char *)last - offsetof(em_channel_ready_future, node));
        ((const em_channel_ready_ops *)(const void *)r->future.ops)->let_before(line, n, em_context_waker(cx));
    } else {
        em_wait_list_add(line, n, em_context_waker(cx));
    }
    em_lock_release(&c->lock, irq);
    return EM_PENDING;
}

void em_channel_send_leave_(em_channel *c, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&c->lock);
    if (em_wait_list_leave(&c->senders, n)) {
        c->reserved_space--;
        em_channel_offer_space_(c, irq);
        return;
    }
    em_lock_release(&c->lock, irq);
}

void em_channel_receive_leave_(em_channel *c, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&c->lock);
    if (em_wait_list_leave(&c->receivers, n)) {
        c->reserved_values--;
        em_channel_offer_value_(c, irq);
        return;
    }
    em_lock_release(&c->lock, irq);
}

void em_channel_clear_(em_channel *c)
{
    em_irq irq = em_lock_acquire(&c->lock);
    while (em_channel_has_value_(c)) {
        c->length--; /* the youngest: the oldest are those that are promised */
        em_channel_offer_space_(c, irq);
        irq = em_lock_acquire(&c->lock);
    }
    em_lock_release(&c->lock, irq);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Channels: whose turn it is. Values are moved by the typed functions of EM_CHANNEL_TYPE.
 *
 * Invariant: a sender waits only while every place is taken or set aside, a receiver only while
 * every value is set aside.
 *
 * Flow: name_send, name_receive -> turn -> the ring -> offer -> wait_list.c
 */
#include <em/channel.h>

bool em_channel_send_turn_(em_channel *c, uint32_t capacity, em_wait_node *n, em_context *cx)
{
    if (em_wait_node_notified(n)) {
        c->reserved_space--;
    } else if (!em_channel_has_space_(c, capacity)) {
        em_wait_list_add(&c->senders, n, em_context_waker(cx));
        return false;
    }
    em_wait_node_init(n);
    return true;
}

bool em_channel_receive_turn_(em_channel *c, em_wait_node *n, em_context *cx)
{
    if (em_wait_node_notified(n)) {
        c->reserved_values--;
    } else if (!em_channel_has_value_(c)) {
        em_wait_list_add(&c->receivers, n, em_context_waker(cx));
        return false;
    }
    em_wait_node_init(n);
    return true;
}

void em_channel_send_leave_(em_channel *c, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&c->lock);
    if (em_wait_list_leave(&c->senders, n)) {
        c->reserved_space--;
        em_channel_offer_space_(c);
    }
    em_lock_release(&c->lock, irq);
}

void em_channel_receive_leave_(em_channel *c, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&c->lock);
    if (em_wait_list_leave(&c->receivers, n)) {
        c->reserved_values--;
        em_channel_offer_value_(c);
    }
    em_lock_release(&c->lock, irq);
}

void em_channel_clear_(em_channel *c)
{
    bool dropped;
    do {
        em_irq irq = em_lock_acquire(&c->lock);
        dropped = em_channel_has_value_(c);
        if (dropped) {
            c->length--; /* the youngest: the oldest are those that are promised */
            em_channel_offer_space_(c);
        }
        em_lock_release(&c->lock, irq);
    } while (dropped);
}

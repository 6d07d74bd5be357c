/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What every kind of channel is made of: who waits to send and to receive, who watches for it, and how much is
 * set aside for those who were woken. Where the values are, and in which order, is the kind's own.
 *
 * The building block of channels, priority channels and zero-copy channels: they hold its lock around every call.
 *
 * Flow: a send -> em_channel_offer_value_ -> the first in the line of receivers
 *
 * Rules for the core of channels:
 *  1. Nobody waits or watches while there is something that is not set aside, but for who is about to be told.
 *  2. What is set aside is a number. Who was woken takes what comes first when it is polled.
 *  3. In a line, who waits comes before who watches. A send or receive that hands something over need not know
 *     which it is: who watches passes on what it was handed when it is polled or dropped.
 *  4. Every future that stands in a line has its channel behind its node. One that watches marks it, by 1.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_list.h>

/* What a channel has beside its values. Signed: an index that RV64 need not extend. */
typedef struct em_channel {
    em_wait_list senders;
    em_wait_list receivers;
    int32_t first;           /* the oldest value's place */
    int32_t reserved_space;  /* places set aside for senders that were notified */
    int32_t length;          /* values in the ring */
    int32_t reserved_values; /* values set aside for receivers that were notified */
    em_lock lock;
} em_channel;

/* Watches for a value or for space: name_ready_to_receive, name_ready_to_send. */
typedef struct em_channel_ready_future {
    em_future future;
    em_wait_node node;
    uintptr_t marked_channel;
    em_wait_node *first; /* of the last in a line in which somebody waits: the first that watches */
    int32_t capacity;
} em_channel_ready_future;

/** Does @p n, which stands in a line, only watch? Context: with the lock */
static inline bool em_channel_watches_(const em_wait_node *n)
{
    uintptr_t channel;
    __builtin_memcpy(&channel, n + 1, sizeof channel);
    return (channel & 1) != 0;
}

/* Its operations, with one for who waits behind it: so that only a program that watches has code for it. */
typedef struct em_channel_ready_ops {
    em_future_ops ops;
    void (*let_before)(em_wait_list *line, em_wait_node *n, em_waker waker); /* with the lock */
} em_channel_ready_ops;

extern const em_channel_ready_ops em_channel_ready_to_send_ops_, em_channel_ready_to_receive_ops_;

/** Construct one, but for its operations. Context: any */
static inline em_channel_ready_future *em_channel_ready_init_(em_channel_ready_future *r, em_channel *c,
                                                              int32_t capacity)
{
    em_wait_node_init(&r->node);
    r->marked_channel = (uintptr_t)c | 1;
    r->capacity = capacity;
    return r;
}

/** Is a place free that is not set aside? Context: with the lock */
static inline bool em_channel_has_space_(const em_channel *c, int32_t capacity)
{
    return c->length + c->reserved_space < capacity;
}

/** Is there a value that is not set aside? Context: with the lock */
static inline bool em_channel_has_value_(const em_channel *c)
{
    return c->length > c->reserved_values;
}

/** A value is there for a receiver: set it aside for the longest waiting. Context: with the lock, which it releases */
static inline void em_channel_offer_value_(em_channel *c, em_irq irq)
{
    if (!em_wait_list_empty(&c->receivers)) {
        c->reserved_values++;
        em_wait_list_wake_release_shared_(&c->receivers, &c->lock, irq);
        return;
    }
    em_lock_release(&c->lock, irq);
}

/** Space is there for a sender: set it aside for the longest waiting. Context: with the lock, which it releases */
static inline void em_channel_offer_space_(em_channel *c, em_irq irq)
{
    if (!em_wait_list_empty(&c->senders)) {
        c->reserved_space++;
        em_wait_list_wake_release_shared_(&c->senders, &c->lock, irq);
        return;
    }
    em_lock_release(&c->lock, irq);
}

/** May this send take a place now? Context: task, with the lock */
static inline bool em_channel_send_turn_(em_channel *c, int32_t capacity, em_wait_node *n)
{
    if (em_wait_node_notified(n)) {
        c->reserved_space--;
        em_wait_node_init(n);
        return true;
    }
    return em_channel_has_space_(c, capacity);
}

/** May this receive take a value now? Context: task, with the lock */
static inline bool em_channel_receive_turn_(em_channel *c, em_wait_node *n)
{
    if (em_wait_node_notified(n)) {
        c->reserved_values--;
        em_wait_node_init(n);
        return true;
    }
    return em_channel_has_value_(c);
}

/** em_channel_wait_() where somebody is in the line already. Context: task, with the lock, which it releases */
em_poll em_channel_wait_behind_(em_channel *c, em_wait_list *line, em_wait_node *n, em_context *cx, em_irq irq);

/** The end of a poll that has to wait: behind who waits, before who watches. Context: as em_wait_list_wait() */
static inline em_poll em_channel_wait_(em_channel *c, em_wait_list *line, em_wait_node *n, em_context *cx, em_irq irq)
{
    if (line->first) {
        return em_channel_wait_behind_(c, line, n, cx, irq);
    }
    return em_wait_list_wait(line, n, cx, &c->lock, irq);
}

/** The drops of a send and of a receive. Context: task */
void em_channel_send_leave_(em_channel *c, em_wait_node *n);
void em_channel_receive_leave_(em_channel *c, em_wait_node *n);

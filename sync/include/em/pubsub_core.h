/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What is common to queues of messages of every type and capacity: for the functions of EM_PUBSUB_TYPE. Rules and
 * contracts: em/pubsub.h.
 *
 * Flow: EM_PUBSUB_TYPE -> here -> pubsub.c
 */
#pragma once

#include <em/assert.h>
#include <em/wait_all.h>

/* What there is beside the messages. Behind it is an array: em_pubsub_at_(). */
typedef struct em_pubsub {
    em_wait_list publishers; /* the first may publish, or will be woken when it may; it stays in the list */
    em_wait_all readers;     /* who waits for the next message */
    uint64_t oldest;         /* the oldest message's number */
    int32_t first;           /* its place */
    int32_t length;          /* messages in the ring */
    uint32_t subscribers;
    uint32_t at_end; /* of them, so many have read everything */
    em_lock lock;
} em_pubsub;

typedef struct em_pubsub_subscriber {
    em_pubsub *pubsub; /* NULL: not subscribed */
    uint64_t next;     /* the number of the message to be read next; less than oldest: it has missed some */
} em_pubsub_subscriber;

/* The waits for a message start with this. */
typedef struct em_pubsub_next_future {
    em_future future;
    em_wait_all_node node;
    em_pubsub_subscriber *subscriber;
} em_pubsub_next_future;

#define EM_PUBSUB_NOTHING_ (-1)
#define EM_PUBSUB_LAGGED_ (-2)

/** What it has subscribed to. It has (asserts). Context: any */
static inline em_pubsub *em_pubsub_of_(const em_pubsub_subscriber *s)
{
    EM_ASSERT(s->pubsub);
    return s->pubsub;
}

/** So many subscribers will next read the message at each place. Context: with the lock */
static inline uint32_t *em_pubsub_at_(em_pubsub *p)
{
    return (uint32_t *)(void *)(p + 1);
}

/** The place behind the last message. Context: with the lock */
static inline int32_t em_pubsub_end_(const em_pubsub *p, int32_t capacity)
{
    int32_t end = p->first + p->length;
    return end < capacity ? end : end - capacity;
}

/** Is there room for a message, be it because nobody would read it? Context: with the lock */
static inline bool em_pubsub_has_room_(const em_pubsub *p, int32_t capacity)
{
    return p->length < capacity || p->subscribers == 0;
}

/** em_pubsub_turn_() where somebody waits. Context: task, with the lock */
bool em_pubsub_turn_in_list_(em_pubsub *p, int32_t capacity, em_wait_node *n);

/** May this publish write now? If so, it has left the list. Context: task, with the lock. Cost: O(1) */
static inline bool em_pubsub_turn_(em_pubsub *p, int32_t capacity, em_wait_node *n)
{
    return em_wait_list_empty(&p->publishers) ? em_pubsub_has_room_(p, capacity)
                                              : em_pubsub_turn_in_list_(p, capacity, n);
}

/** Drop the oldest message if there is no room. Context: task | isr | any hart, with the lock. Cost: O(1) */
void em_pubsub_make_room_(em_pubsub *p, int32_t capacity);

/** A message was written at @p end. Context: task | isr | any hart, with the lock, which it releases */
static inline void em_pubsub_published_(em_pubsub *p, int32_t end, em_irq irq)
{
    if (p->subscribers) {
        em_pubsub_at_(p)[end] = p->at_end;
        p->at_end = 0;
        p->length++;
    }
    em_wait_all_wake_release(&p->readers, &p->lock, irq);
}

/** The drop of a publish. Context: task */
void em_pubsub_publish_leave_(em_pubsub *p, int32_t capacity, em_wait_node *n);

/** em_pubsub_look_() where there is no message, or some were missed. Context: task | isr | any hart, with the lock */
int32_t em_pubsub_catch_up_(em_pubsub_subscriber *s, uint64_t *lagged);

/**
 * The place of the subscriber's next message, or EM_PUBSUB_NOTHING_, or EM_PUBSUB_LAGGED_: it has missed some. It
 * will not be told again: *lagged says how many, 0 with a message; NULL: nobody asks.
 *
 * Context: task | isr | any hart, with the lock
 * Cost:    O(1)
 */
static inline int32_t em_pubsub_look_(em_pubsub_subscriber *s, int32_t capacity, uint64_t *lagged)
{
    const em_pubsub *p = s->pubsub;
    uint64_t ahead = s->next - p->oldest; /* very many if it has missed some */
    if (ahead >= (uint64_t)p->length) {
        return em_pubsub_catch_up_(s, lagged);
    }
    if (lagged) {
        *lagged = 0;
    }
    int32_t place = p->first + (int32_t)ahead;
    return place < capacity ? place : place - capacity;
}

/** The message at @p place was read. Context: task | isr | any hart, with the lock, which it releases */
void em_pubsub_read_(em_pubsub_subscriber *s, int32_t place, int32_t capacity, em_irq irq);

/** A wait is ready: the message at @p place, if any, was read. Context: task, with the lock, which it releases */
em_poll em_pubsub_next_ready_(em_pubsub_next_future *f, int32_t place, int32_t capacity, em_irq irq);

/** The drop of a wait for a message. Context: task */
void em_pubsub_next_drop_(em_future *f);

void em_pubsub_subscribe_(em_pubsub_subscriber *s, em_pubsub *p);
void em_pubsub_unsubscribe_(em_pubsub_subscriber *s, int32_t capacity);
void em_pubsub_clear_(em_pubsub *p);
uint32_t em_pubsub_available_(const em_pubsub_subscriber *s);

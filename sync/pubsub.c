/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Publish and subscribe: where the subscribers are in the queue, and when a message leaves it. Messages are moved by
 * the typed functions of EM_PUBSUB_TYPE.
 *
 * Subscribers are counted by where they are, so none is looked for: em_pubsub_at_()[place] of them will next read the
 * message there, at_end have read all. The oldest has been read by all as soon as nobody is at its place.
 *
 * Invariant: these are all subscribers. Outside unsubscribe somebody is at the oldest message, if there is
 * one; the first publisher waits only while there is no room, or was woken since there is.
 *
 * Flow: name_publish -> em_pubsub_published_ -> em_wake;  name_next_message -> em_pubsub_read_ -> em_wake
 */
#include <em/pubsub_core.h>

/* -- with the lock ---------------------------------------------------------------------------------- */

static uint64_t end_number(const em_pubsub *p)
{
    return p->oldest + (uint64_t)p->length;
}

/* Where a subscriber is counted whose next message is `number`. Who has missed messages is at the oldest. */
static uint32_t *counter(em_pubsub *p, uint64_t number, int32_t capacity)
{
    uint64_t ahead = number > p->oldest ? number - p->oldest : 0;
    if (ahead == (uint64_t)p->length) {
        return &p->at_end;
    }
    int32_t place = p->first + (int32_t)ahead;
    return &em_pubsub_at_(p)[place < capacity ? place : place - capacity];
}

/* Who was at it is at the next. There is one. */
static void drop_oldest(em_pubsub *p, int32_t capacity)
{
    uint32_t behind = em_pubsub_at_(p)[p->first];
    p->first = p->first + 1 < capacity ? p->first + 1 : 0;
    p->length--;
    p->oldest++;
    *counter(p, p->oldest, capacity) += behind;
}

/* There is room: let the longest waiting publisher look. It leaves the list when it publishes. */
static void wake_publisher(em_pubsub *p)
{
    if (!em_wait_list_empty(&p->publishers)) {
        em_wake(p->publishers.first->waker);
    }
}

bool em_pubsub_turn_in_list_(em_pubsub *p, int32_t capacity, em_wait_node *n)
{
    if (p->publishers.first != n || !em_pubsub_has_room_(p, capacity)) {
        return false;
    }
    em_wait_list_leave(&p->publishers, n);
    if (p->length + 1 < capacity || p->subscribers == 0) {
        wake_publisher(p); /* there is room for another */
    }
    return true;
}

void em_pubsub_make_room_(em_pubsub *p, int32_t capacity)
{
    if (!em_pubsub_has_room_(p, capacity)) {
        drop_oldest(p, capacity);
    }
}

void em_pubsub_read_(em_pubsub_subscriber *s, int32_t place, int32_t capacity, em_irq irq)
{
    em_pubsub *p = s->pubsub;
    int32_t next = place + 1 < capacity ? place + 1 : 0;
    uint32_t left = --em_pubsub_at_(p)[place];
    s->next++;
    ++*(s->next == end_number(p) ? &p->at_end : &em_pubsub_at_(p)[next]);
    if (left == 0 && place == p->first) {
        p->first = next;
        p->length--;
        p->oldest++;
        wake_publisher(p);
    }
    em_lock_release(&p->lock, irq);
}

em_poll em_pubsub_next_ready_(em_pubsub_next_future *f, int32_t place, int32_t capacity, em_irq irq)
{
    em_pubsub *p = f->subscriber->pubsub;
    em_wait_all_leave(&p->readers, &f->node); /* polled before its turn to be woken */
    if (place >= 0) {
        em_pubsub_read_(f->subscriber, place, capacity, irq);
    } else {
        em_lock_release(&p->lock, irq);
    }
    return EM_READY;
}

int32_t em_pubsub_catch_up_(em_pubsub_subscriber *s, uint64_t *lagged)
{
    em_pubsub *p = s->pubsub;
    if (s->next == end_number(p)) {
        return EM_PUBSUB_NOTHING_;
    }
    uint64_t missed = p->oldest - s->next;
    s->next = p->oldest;
    if (!lagged) {
        return p->length > 0 ? p->first : EM_PUBSUB_NOTHING_;
    }
    *lagged = missed;
    return EM_PUBSUB_LAGGED_;
}

/* -- from anywhere ---------------------------------------------------------------------------------- */

void em_pubsub_publish_leave_(em_pubsub *p, int32_t capacity, em_wait_node *n)
{
    em_irq irq = em_lock_acquire(&p->lock);
    bool was_first = p->publishers.first == n;
    em_wait_list_leave(&p->publishers, n);
    if (was_first && em_pubsub_has_room_(p, capacity)) {
        wake_publisher(p);
    }
    em_lock_release(&p->lock, irq);
}

void em_pubsub_next_drop_(em_future *f)
{
    em_pubsub_next_future *n = (em_pubsub_next_future *)(void *)f;
    em_pubsub *p = em_pubsub_of_(n->subscriber);
    em_irq irq = em_lock_acquire(&p->lock);
    em_wait_all_leave(&p->readers, &n->node);
    em_lock_release(&p->lock, irq);
}

void em_pubsub_subscribe_(em_pubsub_subscriber *s, em_pubsub *p)
{
    em_irq irq = em_lock_acquire(&p->lock);
    s->pubsub = p;
    s->next = end_number(p);
    p->subscribers++;
    p->at_end++;
    em_lock_release(&p->lock, irq);
}

/* What it alone had still to read leaves the queue, one message a critical section. */
void em_pubsub_unsubscribe_(em_pubsub_subscriber *s, int32_t capacity)
{
    em_pubsub *p = s->pubsub;
    if (!p) {
        return;
    }
    em_irq irq = em_lock_acquire(&p->lock);
    --*counter(p, s->next, capacity);
    p->subscribers--;
    s->pubsub = NULL;
    while (p->length > 0 && em_pubsub_at_(p)[p->first] == 0) {
        drop_oldest(p, capacity);
        wake_publisher(p);
        em_lock_release(&p->lock, irq);
        irq = em_lock_acquire(&p->lock);
    }
    em_lock_release(&p->lock, irq);
}

void em_pubsub_clear_(em_pubsub *p)
{
    em_irq irq = em_lock_acquire(&p->lock);
    p->oldest = end_number(p);
    p->length = 0;
    p->at_end = p->subscribers;
    wake_publisher(p);
    em_lock_release(&p->lock, irq);
}

uint32_t em_pubsub_available_(const em_pubsub_subscriber *s)
{
    em_pubsub *p = em_pubsub_of_(s);
    em_irq irq = em_lock_acquire(&p->lock);
    uint64_t ahead = s->next > p->oldest ? s->next - p->oldest : 0;
    uint32_t available = (uint32_t)((uint64_t)p->length - ahead);
    em_lock_release(&p->lock, irq);
    return available;
}

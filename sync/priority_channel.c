/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Priority channels: a heap of slots in the order of their values' keys, and receivers for whom a value was removed.
 *
 * Invariant: the first `used` places of the heap hold each of the first `used` slots once; those before `length`
 * have values, none comes before its parent's. A receiver waits only while every value is set aside; more may be set
 * aside than there is, after a removal, until those who were woken have looked.
 *
 * Flow: name_send, name_receive, name_remove_if -> the heap -> channel_core.h -> em_wake -> the poll
 */
#include <em/priority_channel.h>
#include <string.h>

typedef em_priority_place_ place;

static em_priority_channel *priority_of(em_channel *c)
{
    return (em_priority_channel *)(void *)c;
}

static place *places_of(const em_priority_channel *p)
{
    return (place *)(uintptr_t)(p + 1);
}

/* -- the heap, with the lock ------------------------------------------------------------------------ */

static bool comes_before(const place *places, uint32_t a, uint32_t b)
{
    return places[a].key != places[b].key ? places[a].key < places[b].key
                                          : (int32_t)(places[a].number - places[b].number) < 0;
}

static void set(place *places, uint32_t at, uint32_t slot)
{
    places[at].slot = (uint16_t)slot;
    places[slot].at = (uint16_t)at;
}

/* The slot at a place comes too late there: exchange it with those above. */
static void rise(place *places, uint32_t at)
{
    uint32_t slot = places[at].slot;
    while (at > 0 && comes_before(places, slot, places[(at - 1) / 2].slot)) {
        set(places, at, places[(at - 1) / 2].slot);
        at = (at - 1) / 2;
    }
    set(places, at, slot);
}

/* It comes too early there: exchange it with those below. */
static void sink(place *places, uint32_t at, uint32_t length)
{
    uint32_t slot = places[at].slot;
    for (;;) {
        uint32_t below = 2 * at + 1;
        if (below + 1 < length && comes_before(places, places[below + 1].slot, places[below].slot)) {
            below++;
        }
        if (below >= length || !comes_before(places, places[below].slot, slot)) {
            break;
        }
        set(places, at, places[below].slot);
        at = below;
    }
    set(places, at, slot);
}

/* There is space: a slot for a value with this key, which is in the heap from now on. */
static int32_t insert(em_priority_channel *p, int64_t key)
{
    place *places = places_of(p);
    uint32_t at = (uint32_t)p->channel.length++;
    if (at == p->used) {
        set(places, at, at);
        p->used++;
    }
    uint32_t slot = places[at].slot;
    places[slot].key = key;
    places[slot].number = p->sent++;
    rise(places, at);
    return (int32_t)slot;
}

/* Take the slot at a place out; it is free, and still to be read in this critical section. */
static int32_t extract(em_priority_channel *p, uint32_t at)
{
    place *places = places_of(p);
    uint32_t slot = places[at].slot;
    uint32_t last = (uint32_t)--p->channel.length;
    if (at != last) {
        uint32_t moved = places[last].slot;
        set(places, at, moved);
        set(places, last, slot);
        sink(places, at, last);
        rise(places, places[moved].at);
    }
    return (int32_t)slot;
}

/* -- who receives, with the lock -------------------------------------------------------------------- */

/* A value more than before may be there for a receiver. Releases the lock. */
static void offer_value(em_priority_channel *p, em_irq irq)
{
    if (!em_channel_has_value_(&p->channel)) {
        em_lock_release(&p->channel.lock, irq);
        return;
    }
    em_channel_offer_value_(&p->channel, irq);
}

/* Wait before all others, but for those to whom the same has happened; in an empty line, by em_channel_wait_(). */
static void wait_in_front(em_priority_channel *p, em_wait_node *n, em_waker waker)
{
    em_wait_list *line = &p->channel.receivers;
    if (p->returned && em_wait_node_waiting(p->returned)) {
        em_wait_list from = {p->returned->next}; /* the same ring, begun elsewhere */
        em_wait_list_add(&from, n, waker);
    } else if (line->first && !em_channel_watches_(line->first)) {
        em_wait_list_add(line, n, waker);
        line->first = n;
    }
    p->returned = n;
}

/* May it take what comes first now? If it was woken for what is gone, it waits in front. */
static bool receive_turn(em_priority_channel *p, em_wait_node *n, em_waker waker)
{
    bool woken = em_wait_node_notified(n);
    bool its_turn = em_channel_receive_turn_(&p->channel, n);
    if (woken && p->returned == n) {
        p->returned = NULL;
    }
    if (woken && p->channel.length == 0) {
        wait_in_front(p, n, waker);
        return false;
    }
    return its_turn;
}

/* -- of the typed functions ------------------------------------------------------------------------- */

int32_t em_priority_channel_send_turn_(em_priority_channel *p, int32_t capacity, int64_t key, em_wait_node *n,
                                       em_context *cx, em_irq *irq)
{
    em_channel *c = &p->channel;
    *irq = em_lock_acquire(&c->lock);
    if (n ? em_channel_send_turn_(c, capacity, n) : em_channel_has_space_(c, capacity)) {
        return insert(p, key);
    }
    if (n) {
        em_channel_wait_(c, &c->senders, n, cx, *irq);
    } else {
        em_lock_release(&c->lock, *irq);
    }
    return -1;
}

void em_priority_channel_sent_(em_priority_channel *p, em_irq irq)
{
    offer_value(p, irq);
}

int32_t em_priority_channel_receive_turn_(em_priority_channel *p, em_wait_node *n, em_context *cx, em_irq *irq)
{
    em_channel *c = &p->channel;
    *irq = em_lock_acquire(&c->lock);
    if (n ? receive_turn(p, n, em_context_waker(cx)) : em_channel_has_value_(c)) {
        return extract(p, 0);
    }
    if (n) {
        em_channel_wait_(c, &c->receivers, n, cx, *irq);
    } else {
        em_lock_release(&c->lock, *irq);
    }
    return -1;
}

int32_t em_priority_channel_first_(const em_priority_channel *p)
{
    return em_channel_has_value_(&p->channel) ? places_of(p)->slot : -1;
}

bool em_priority_channel_holds_(const em_priority_channel *p, uint32_t slot, uint32_t *number)
{
    const place *places = places_of(p);
    if (slot >= p->used || places[slot].at >= (uint32_t)p->channel.length) {
        return false;
    }
    *number = places[slot].number;
    return true;
}

uint32_t em_priority_channel_remove_(em_priority_channel *p, uint32_t slot, uint32_t number)
{
    uint32_t now;
    em_irq irq = em_lock_acquire(&p->channel.lock);
    if (!em_priority_channel_holds_(p, slot, &now) || now != number) {
        em_lock_release(&p->channel.lock, irq);
        return 0;
    }
    extract(p, places_of(p)[slot].at);
    em_channel_offer_space_(&p->channel, irq);
    return 1;
}

void em_priority_channel_receive_leave_(em_channel *c, em_wait_node *n)
{
    em_priority_channel *p = priority_of(c);
    em_irq irq = em_lock_acquire(&c->lock);
    if (p->returned == n) {
        p->returned = em_wait_node_waiting(n) && c->receivers.first != n ? n->prev : NULL;
    }
    if (em_wait_list_leave(&c->receivers, n)) {
        c->reserved_values--;
        offer_value(p, irq);
        return;
    }
    em_lock_release(&c->lock, irq);
}

void em_priority_channel_clear_(em_channel *c)
{
    em_priority_channel *p = priority_of(c);
    uint32_t number;
    em_irq irq = em_lock_acquire(&c->lock);
    uint32_t used = p->used;
    uint32_t end = p->sent;
    em_lock_release(&c->lock, irq);
    for (uint32_t slot = 0; slot < used; slot++) {
        irq = em_lock_acquire(&c->lock);
        bool there = em_priority_channel_holds_(p, slot, &number) && (int32_t)(number - end) < 0;
        em_lock_release(&c->lock, irq);
        if (there) {
            em_priority_channel_remove_(p, slot, number);
        }
    }
}

/* -- of views --------------------------------------------------------------------------------------- */

static char *value_in(em_channel_view v, int32_t slot)
{
    return (char *)v.channel + v.kind->values + (size_t)slot * v.kind->size;
}

void em_priority_channel_put_(em_channel_view v, const void *value, int64_t key, em_irq irq)
{
    em_priority_channel *p = priority_of(v.channel);
    memcpy(value_in(v, insert(p, key)), value, v.kind->size);
    offer_value(p, irq);
}

void em_priority_channel_take_(em_channel_view v, void *out, em_irq irq)
{
    memcpy(out, value_in(v, extract(priority_of(v.channel), 0)), v.kind->size);
    em_channel_offer_space_(v.channel, irq);
}

const void *em_priority_channel_next_(em_channel_view v)
{
    return value_in(v, places_of(priority_of(v.channel))->slot);
}

static em_poll send_poll(em_future *f, em_context *cx)
{
    em_channel_send_future *s = (em_channel_send_future *)(void *)f;
    em_priority_channel *p = priority_of(s->view.channel);
    em_irq irq;
    int32_t slot = em_priority_channel_send_turn_(p, s->view.kind->capacity, s->view.kind->key(s->value), &s->node,
                                                  cx, &irq);
    if (slot < 0) {
        return EM_PENDING;
    }
    memcpy(value_in(s->view, slot), s->value, s->view.kind->size);
    offer_value(p, irq);
    return EM_READY;
}

static void send_drop(em_future *f)
{
    em_channel_send_future *s = (em_channel_send_future *)(void *)f;
    em_channel_send_leave_(s->view.channel, &s->node);
}

static em_poll receive_poll(em_future *f, em_context *cx)
{
    em_channel_receive_future *r = (em_channel_receive_future *)(void *)f;
    em_irq irq;
    int32_t slot = em_priority_channel_receive_turn_(priority_of(r->view.channel), &r->node, cx, &irq);
    if (slot < 0) {
        return EM_PENDING;
    }
    memcpy(r->value, value_in(r->view, slot), r->view.kind->size);
    em_channel_offer_space_(r->view.channel, irq);
    return EM_READY;
}

static void receive_drop(em_future *f)
{
    em_channel_receive_future *r = (em_channel_receive_future *)(void *)f;
    em_priority_channel_receive_leave_(r->view.channel, &r->node);
}

const em_future_ops em_priority_channel_send_ops_ = {
    .poll = send_poll, .drop = send_drop, .name = "priority_channel_send"};
const em_future_ops em_priority_channel_receive_ops_ = {
    .poll = receive_poll, .drop = receive_drop, .name = "priority_channel_receive"};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Zero-copy channels: which slots are free, which are lent, and the ring of those with values.
 *
 * Invariant: of the first `used` slots `lent` are lent, `length` are in the ring, the others in the list of free ones.
 *
 * Flow: name_send, name_receive -> a slot;  name_*_done, name_*_undo -> channel_core.h -> em_wake -> the poll
 */
#include <em/zerocopy_channel.h>

enum state {
    FILLING = 0xffff,
    READING = 0xfffe,
    QUEUED = 0xfffd,
};

static em_zerocopy_place_ *places_of(em_zerocopy_channel *z)
{
    return (em_zerocopy_place_ *)(void *)(z + 1);
}

/* -- with the lock ---------------------------------------------------------------------------------- */

/* The value, or the space, for which this waits: may it have it now? If not it waits, or, without a node, fails. */
static bool is_its_turn(em_channel *c, em_wait_list *line, bool turn, em_wait_node *n, em_context *cx, em_irq irq)
{
    if (turn) {
        return true;
    }
    if (n) {
        em_channel_wait_(c, line, n, cx, irq);
    } else {
        em_lock_release(&c->lock, irq);
    }
    return false;
}

static uint32_t take_free(em_zerocopy_channel *z)
{
    if (!z->free) {
        return z->used++;
    }
    uint32_t slot = z->free - 1u;
    z->free = places_of(z)[slot].state;
    return slot;
}

static void give_free(em_zerocopy_channel *z, uint32_t slot)
{
    places_of(z)[slot].state = z->free;
    z->free = (uint16_t)(slot + 1);
}

/* This slot is not lent any more. It was, for this. */
static void take_back(em_zerocopy_channel *z, uint32_t slot, enum state lent_for, em_irq irq)
{
    bool was_lent = slot < z->used && places_of(z)[slot].state == (uint32_t)lent_for;
    if (!was_lent) {
        em_lock_release(&z->channel.lock, irq);
    }
    EM_ASSERT(was_lent);
    z->lent--;
}

/* A value in this slot is the youngest, or, in front, the oldest. Releases the lock. */
static void queue(em_zerocopy_channel *z, int32_t capacity, uint32_t slot, bool in_front, em_irq irq)
{
    em_channel *c = &z->channel;
    int32_t place = in_front ? c->first + capacity - 1 : c->first + c->length;
    place = place < capacity ? place : place - capacity;
    c->first = in_front ? place : c->first;
    places_of(z)[place].queued = (uint16_t)slot;
    places_of(z)[slot].state = QUEUED;
    c->length++;
    em_channel_offer_value_(c, irq);
}

/* -- of the typed functions ------------------------------------------------------------------------- */

int32_t em_zerocopy_channel_send_turn_(em_zerocopy_channel *z, int32_t capacity, em_wait_node *n, em_context *cx)
{
    em_channel *c = &z->channel;
    em_irq irq = em_lock_acquire(&c->lock);
    int32_t there_are = capacity - z->lent;
    bool turn = n ? em_channel_send_turn_(c, there_are, n) : em_channel_has_space_(c, there_are);
    if (!is_its_turn(c, &c->senders, turn, n, cx, irq)) {
        return -1;
    }
    uint32_t slot = take_free(z);
    places_of(z)[slot].state = FILLING;
    z->lent++;
    em_lock_release(&c->lock, irq);
    return (int32_t)slot;
}

int32_t em_zerocopy_channel_receive_turn_(em_zerocopy_channel *z, int32_t capacity, em_wait_node *n, em_context *cx)
{
    em_channel *c = &z->channel;
    em_irq irq = em_lock_acquire(&c->lock);
    bool turn = n ? em_channel_receive_turn_(c, n) : em_channel_has_value_(c);
    if (!is_its_turn(c, &c->receivers, turn, n, cx, irq)) {
        return -1;
    }
    uint32_t slot = places_of(z)[c->first].queued;
    places_of(z)[slot].state = READING;
    c->first = c->first + 1 < capacity ? c->first + 1 : 0;
    c->length--;
    z->lent++;
    em_lock_release(&c->lock, irq);
    return (int32_t)slot;
}

void em_zerocopy_channel_send_done_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot)
{
    em_irq irq = em_lock_acquire(&z->channel.lock);
    take_back(z, slot, FILLING, irq);
    queue(z, capacity, slot, false, irq);
}

void em_zerocopy_channel_receive_undo_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot)
{
    em_irq irq = em_lock_acquire(&z->channel.lock);
    take_back(z, slot, READING, irq);
    queue(z, capacity, slot, true, irq);
}

static void become_free(em_zerocopy_channel *z, uint32_t slot, enum state lent_for)
{
    em_irq irq = em_lock_acquire(&z->channel.lock);
    take_back(z, slot, lent_for, irq);
    give_free(z, slot);
    em_channel_offer_space_(&z->channel, irq);
}

void em_zerocopy_channel_send_undo_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot)
{
    (void)capacity;
    become_free(z, slot, FILLING);
}

void em_zerocopy_channel_receive_done_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot)
{
    (void)capacity;
    become_free(z, slot, READING);
}

void em_zerocopy_channel_clear_(em_zerocopy_channel *z, int32_t capacity)
{
    em_channel *c = &z->channel;
    em_irq irq = em_lock_acquire(&c->lock);
    for (int32_t left = c->length; left > 0 && em_channel_has_value_(c); left--) {
        int32_t youngest = c->first + --c->length; /* the oldest are those that are promised */
        give_free(z, places_of(z)[youngest < capacity ? youngest : youngest - capacity].queued);
        em_channel_offer_space_(c, irq);
        irq = em_lock_acquire(&c->lock);
    }
    em_lock_release(&c->lock, irq);
}

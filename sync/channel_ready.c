/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Watching a channel: at the end of its lines, behind who waits. What it is handed there it gives up when it is
 * polled, to who waits by then, or, ready, to whoever takes it.
 *
 * Invariant: in a line those that watch are the last. If somebody waits there, the last knows the first of them.
 *
 * Flow: name_ready_to_*'s poll -> the line;  a send, a receive -> em_wake -> the poll -> who waits, or all who watch
 */
#include <em/channel_core.h>

static em_channel_ready_future *ready_of(em_wait_node *n)
{
    return (em_channel_ready_future *)(void *)((char *)n - offsetof(em_channel_ready_future, node));
}

static em_channel *channel_of(const em_channel_ready_future *r)
{
    return (em_channel *)(r->marked_channel & ~(uintptr_t)1);
}

static bool is_to_send(const em_channel_ready_future *r)
{
    return r->future.ops == &em_channel_ready_to_send_ops_.ops;
}

/* -- the line, with the lock ------------------------------------------------------------------------ */

/* Watch, behind all others, or go on watching with a new waker. */
static void watch(em_wait_list *line, em_channel_ready_future *r, em_waker waker)
{
    em_wait_node *last = line->first ? line->first->prev : NULL;
    if (!em_wait_node_waiting(&r->node)) {
        r->first = last && em_channel_watches_(last) ? ready_of(last)->first : &r->node;
    }
    em_wait_list_add(line, &r->node, waker);
}

static void stop_watching(em_wait_list *line, em_channel_ready_future *r)
{
    if (em_wait_node_waiting(&r->node) && !em_channel_watches_(line->first)) { /* the last must know the first */
        em_channel_ready_future *last = ready_of(line->first->prev);
        em_wait_node *first = last->first == &r->node ? r->node.next : last->first;
        if (last != r) {
            last->first = first;
        } else if (em_channel_watches_(r->node.prev)) {
            ready_of(r->node.prev)->first = first;
        }
    }
    em_wait_list_leave(line, &r->node);
}

/* Somebody waits, behind all that wait, or goes on waiting with a new waker. The last watches. */
static void let_before(em_wait_list *line, em_wait_node *n, em_waker waker)
{
    em_channel_ready_future *last = ready_of(line->first->prev);
    em_wait_node *first = em_channel_watches_(line->first) ? line->first : last->first;
    em_wait_list from = {first}; /* the same ring, begun elsewhere */
    if (!em_wait_node_waiting(n)) {
        last->first = first;
        line->first = line->first == first ? n : line->first;
    }
    em_wait_list_add(&from, n, waker);
}

/* -- the operations --------------------------------------------------------------------------------- */

static bool is_there(const em_channel_ready_future *r)
{
    return is_to_send(r) ? em_channel_has_space_(channel_of(r), r->capacity) : em_channel_has_value_(channel_of(r));
}

/* Was it handed something? Give it up: nobody has it, or is promised it, until the lock is released. */
static bool give_up(em_channel_ready_future *r)
{
    em_channel *c = channel_of(r);
    bool handed = em_wait_node_notified(&r->node);
    if (handed) {
        *(is_to_send(r) ? &c->reserved_space : &c->reserved_values) -= 1;
        em_wait_node_init(&r->node);
    }
    return handed;
}

/* To the first in the line. Releases the lock. */
static void pass_on(const em_channel_ready_future *r, em_irq irq)
{
    em_channel *c = channel_of(r);
    if (is_to_send(r)) {
        em_channel_offer_space_(c, irq);
    } else {
        em_channel_offer_value_(c, irq);
    }
}

/* It is ready: tell the others, one a critical section, as long as it is true. Releases the lock. */
static void tell(const em_channel_ready_future *r, em_wait_list *line, em_irq irq)
{
    em_lock *lock = &channel_of(r)->lock;
    em_wait_node *first;
    while ((first = line->first) != NULL && em_channel_watches_(first) && is_there(r)) {
        em_waker waker = first->waker; /* a copy: from the release on the frame may be gone */
        em_wait_list_leave(line, first);
        em_lock_release(lock, irq);
        em_wake(waker);
        irq = em_lock_acquire(lock);
    }
    em_lock_release(lock, irq);
}

static em_poll ready_poll(em_future *f, em_context *cx)
{
    em_channel_ready_future *r = (em_channel_ready_future *)(void *)f;
    em_channel *c = channel_of(r);
    em_wait_list *line = is_to_send(r) ? &c->senders : &c->receivers;
    em_irq irq = em_lock_acquire(&c->lock);
    bool handed = give_up(r);
    bool there = is_there(r);
    if (there && handed && line->first && !em_channel_watches_(line->first)) { /* who has come to wait has it */
        watch(line, r, em_context_waker(cx));
        pass_on(r, irq);
        return EM_PENDING;
    }
    if (!there) {
        watch(line, r, em_context_waker(cx));
        em_lock_release(&c->lock, irq);
        return EM_PENDING;
    }
    stop_watching(line, r);
    tell(r, line, irq);
    return EM_READY;
}

static void ready_drop(em_future *f)
{
    em_channel_ready_future *r = (em_channel_ready_future *)(void *)f;
    em_channel *c = channel_of(r);
    em_irq irq = em_lock_acquire(&c->lock);
    if (give_up(r) && is_there(r)) {
        pass_on(r, irq);
        return;
    }
    stop_watching(is_to_send(r) ? &c->senders : &c->receivers, r);
    em_lock_release(&c->lock, irq);
}

const em_channel_ready_ops em_channel_ready_to_send_ops_ = {
    {.poll = ready_poll, .drop = ready_drop, .name = "channel_ready_to_send"}, let_before};
const em_channel_ready_ops em_channel_ready_to_receive_ops_ = {
    {.poll = ready_poll, .drop = ready_drop, .name = "channel_ready_to_receive"}, let_before};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Watching a channel: its lines, with those who wait before the one that watches, and who hangs on that one.
 *
 * Flow: name_ready_to_*'s poll -> the line;  an event that nobody waits for -> em_channel_tell_ -> em_wake -> the poll
 */
#include <em/channel_core.h>

static em_channel_ready_future *ready_of(em_wait_node *n)
{
    return (em_channel_ready_future *)(void *)((char *)n - offsetof(em_channel_ready_future, node));
}

static em_waker marked(em_waker waker)
{
    return (em_waker){(em_task *)((uintptr_t)waker.task | 1)};
}

static em_waker unmarked(em_waker waker)
{
    return (em_waker){(em_task *)((uintptr_t)waker.task & ~(uintptr_t)1)};
}

/* -- with the lock ---------------------------------------------------------------------------------- */

/* Watch, or go on watching with a new waker. */
static void watch(em_wait_list *line, em_channel_ready_future *r, em_waker waker)
{
    em_wait_node *last = line->first ? line->first->prev : NULL;
    if (!last || last == &r->node || !em_channel_watches_(last)) {
        em_wait_list_add(line, &r->node, marked(waker));
    } else {
        em_wait_list_add(&ready_of(last)->others, &r->node, waker);
    }
}

/* The one that stands in the line leaves it to the next that watches. */
static void step_down(em_wait_list *line, em_channel_ready_future *r)
{
    em_wait_node *heir = em_wait_list_notify(&r->others);
    em_wait_list_leave(line, &r->node);
    if (heir) {
        ready_of(heir)->others = r->others;
        em_wait_list_add(line, heir, marked(heir->waker));
        r->others.first = NULL;
    }
}

static void stop_watching(em_wait_list *line, em_channel_ready_future *r)
{
    if (!em_wait_node_waiting(&r->node)) {
        return;
    }
    if (em_channel_watches_(&r->node)) {
        step_down(line, r);
    } else {
        em_wait_list_leave(&ready_of(line->first->prev)->others, &r->node);
    }
}

static em_wait_list *line_of(const em_channel_ready_future *r)
{
    em_channel *c = r->channel;
    return r->future.ops == &em_channel_ready_to_send_ops_ ? &c->senders : &c->receivers;
}

/* Is there what it watches for? */
static bool is_there(const em_channel_ready_future *r)
{
    return line_of(r) == &r->channel->senders ? em_channel_has_space_(r->channel, r->capacity)
                                              : em_channel_has_value_(r->channel);
}

/* -- the core's ------------------------------------------------------------------------------------- */

void em_channel_tell_(em_channel *c, em_wait_list *line, em_irq irq)
{
    em_wait_node *first;
    while ((first = line->first) != NULL && em_channel_watches_(first) && is_there(ready_of(first))) {
        em_waker waker = unmarked(first->waker); /* a copy: from the release on the frame may be gone */
        step_down(line, ready_of(first));
        em_lock_release(&c->lock, irq);
        em_wake(waker);
        irq = em_lock_acquire(&c->lock);
    }
    em_lock_release(&c->lock, irq);
}

em_poll em_channel_wait_behind_(em_channel *c, em_wait_list *line, em_wait_node *n, em_context *cx, em_irq irq)
{
    em_wait_node *last = line->first->prev;
    em_wait_list_add(line, n, em_context_waker(cx));
    if (em_channel_watches_(last)) {
        em_wait_list_leave(line, last);
        em_wait_list_add(line, last, last->waker);
    }
    em_lock_release(&c->lock, irq);
    return EM_PENDING;
}

static em_poll ready_poll(em_future *f, em_context *cx)
{
    em_channel_ready_future *r = (em_channel_ready_future *)(void *)f;
    em_irq irq = em_lock_acquire(&r->channel->lock);
    bool ready = is_there(r);
    if (ready) {
        stop_watching(line_of(r), r);
    } else {
        watch(line_of(r), r, em_context_waker(cx));
    }
    em_lock_release(&r->channel->lock, irq);
    return ready ? EM_READY : EM_PENDING;
}

static void ready_drop(em_future *f)
{
    em_channel_ready_future *r = (em_channel_ready_future *)(void *)f;
    em_irq irq = em_lock_acquire(&r->channel->lock);
    stop_watching(line_of(r), r);
    em_lock_release(&r->channel->lock, irq);
}

const em_future_ops em_channel_ready_to_send_ops_ = {
    .poll = ready_poll, .drop = ready_drop, .name = "channel_ready_to_send"};
const em_future_ops em_channel_ready_to_receive_ops_ = {
    .poll = ready_poll, .drop = ready_drop, .name = "channel_ready_to_receive"};

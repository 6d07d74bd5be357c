/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Views: the try_ forms for any kind of channel, the awaited ones for the plain kind, and how that keeps its values.
 *
 * Flow: em_channel_send, em_channel_receive -> the kind's poll -> the turn (channel_core.h) -> its put, take
 */
#include <em/assert.h>
#include <em/channel.h>
#include <string.h>

static void check_size(em_channel_view v, size_t size)
{
    EM_ASSERT(size == v.kind->size);
}

static int64_t key_of(em_channel_view v, const void *value)
{
    return v.kind->key ? v.kind->key(value) : 0;
}

/* -- any kind --------------------------------------------------------------------------------------- */

em_channel_send_future *em_channel_send(em_channel_send_future *s, em_channel_view v, const void *value, size_t size)
{
    check_size(v, size);
    s->future.ops = v.kind->send_ops;
    em_wait_node_init(&s->node);
    s->view = v;
    s->value = value;
    return s;
}

int em_channel_try_send(em_channel_view v, const void *value, size_t size)
{
    check_size(v, size);
    int64_t key = key_of(v, value);
    em_irq irq = em_lock_acquire(&v.channel->lock);
    if (!em_channel_has_space_(v.channel, v.kind->capacity)) {
        em_lock_release(&v.channel->lock, irq);
        return EM_ERR_AGAIN;
    }
    v.kind->put(v, value, key, irq);
    return EM_OK;
}

em_channel_receive_future *em_channel_receive(em_channel_receive_future *r, em_channel_view v, void *value,
                                              size_t size)
{
    check_size(v, size);
    r->future.ops = v.kind->receive_ops;
    em_wait_node_init(&r->node);
    r->view = v;
    r->value = value;
    return r;
}

int em_channel_try_receive(em_channel_view v, void *value, size_t size)
{
    check_size(v, size);
    em_irq irq = em_lock_acquire(&v.channel->lock);
    if (!em_channel_has_value_(v.channel)) {
        em_lock_release(&v.channel->lock, irq);
        return EM_ERR_AGAIN;
    }
    v.kind->take(v, value, irq);
    return EM_OK;
}

int em_channel_try_peek(em_channel_view v, void *value, size_t size)
{
    check_size(v, size);
    em_irq irq = em_lock_acquire(&v.channel->lock);
    bool has_value = em_channel_has_value_(v.channel);
    if (has_value) {
        memcpy(value, v.kind->next(v), size);
    }
    em_lock_release(&v.channel->lock, irq);
    return has_value ? EM_OK : EM_ERR_AGAIN;
}

em_channel_ready_future *em_channel_ready_to_send(em_channel_ready_future *r, em_channel_view v)
{
    r->future.ops = &em_channel_ready_to_send_ops_.ops;
    return em_channel_ready_init_(r, v.channel, v.kind->capacity);
}

em_channel_ready_future *em_channel_ready_to_receive(em_channel_ready_future *r, em_channel_view v)
{
    r->future.ops = &em_channel_ready_to_receive_ops_.ops;
    return em_channel_ready_init_(r, v.channel, v.kind->capacity);
}

/* -- of EM_CHANNEL_TYPE, with the lock -------------------------------------------------------------- */

static void *place(em_channel_view v, int32_t index)
{
    return (char *)v.channel + v.kind->values + (size_t)index * v.kind->size;
}

void em_channel_put_(em_channel_view v, const void *value, int64_t key, em_irq irq)
{
    (void)key;
    memcpy(place(v, em_channel_end_(v.channel, v.kind->capacity)), value, v.kind->size);
    em_channel_sent_(v.channel, irq);
}

void em_channel_take_(em_channel_view v, void *out, em_irq irq)
{
    memcpy(out, em_channel_oldest_(v), v.kind->size);
    em_channel_received_(v.channel, v.channel->first, v.kind->capacity, irq);
}

const void *em_channel_oldest_(em_channel_view v)
{
    return place(v, v.channel->first);
}

/* -- its awaited forms ------------------------------------------------------------------------------ */

static em_poll send_poll(em_future *f, em_context *cx)
{
    em_channel_send_future *s = (em_channel_send_future *)(void *)f;
    em_channel *c = s->view.channel;
    em_irq irq = em_lock_acquire(&c->lock);
    if (!em_channel_send_turn_(c, s->view.kind->capacity, &s->node)) {
        return em_channel_wait_(c, &c->senders, &s->node, cx, irq);
    }
    em_channel_put_(s->view, s->value, 0, irq);
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
    em_channel *c = r->view.channel;
    em_irq irq = em_lock_acquire(&c->lock);
    if (!em_channel_receive_turn_(c, &r->node)) {
        return em_channel_wait_(c, &c->receivers, &r->node, cx, irq);
    }
    em_channel_take_(r->view, r->value, irq);
    return EM_READY;
}

static void receive_drop(em_future *f)
{
    em_channel_receive_future *r = (em_channel_receive_future *)(void *)f;
    em_channel_receive_leave_(r->view.channel, &r->node);
}

const em_future_ops em_channel_send_ops_ = {.poll = send_poll, .drop = send_drop, .name = "channel_send"};
const em_future_ops em_channel_receive_ops_ = {.poll = receive_poll, .drop = receive_drop, .name = "channel_receive"};

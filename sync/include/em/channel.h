/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Channels: a queue of N values between any number of senders and receivers.
 *
 * Flow: send -> the ring -> the longest waiting receiver;  receive -> space -> the longest waiting sender
 *
 * Rules for channels:
 *  - A zeroed channel is empty. Values arrive in the order in which they were sent.
 *  - FIFO on both sides: a value, or space for one, is set aside for the task that waited longest;
 *    nobody overtakes it, and if its wait is dropped the next gets it.
 *  - A send that is dropped before it was ready has not sent; a receive that is dropped has taken nothing.
 *  - ready_to_receive, ready_to_send: at the poll that was ready there was a value, or a place, that nobody was
 *    promised. From then on nothing is set aside: until it is taken by a try_ or an awaited form, others may take it,
 *    then try_ says EM_ERR_AGAIN and one watches again. Where one task receives (sends), and no other, it is there.
 *  - Who waits comes before who watches. Who watches is woken, with something set aside for it, only if nobody waits;
 *    if by its poll somebody does, it passes that on and watches on. A drop loses nothing: it passes that on, too.
 *    Once it is ready, all others that watch are told. So nobody's wake depends on what another makes of its own, and
 *    nobody spins.
 *  - name_view() hides N and how the values are kept, not how big they are: em/channel_view.h.
 */
#pragma once

#include <em/channel_core.h>
#include <em/channel_view.h>
#include <em/generated.h>

/** The place for the next value. There is space. Context: with the lock */
static inline int32_t em_channel_end_(const em_channel *c, int32_t capacity)
{
    int32_t end = c->first + c->length;
    return capacity == 1 ? 0 : end < capacity ? end : end - capacity;
}

/** The place of the oldest value. Context: with the lock */
static inline int32_t em_channel_first_(const em_channel *c, int32_t capacity)
{
    return capacity == 1 ? 0 : c->first;
}

/** A value was written at the end. Context: with the lock, which it releases */
static inline void em_channel_sent_(em_channel *c, em_irq irq)
{
    c->length++;
    em_channel_offer_value_(c, irq);
}

/** The value at @p first was read. Context: with the lock, which it releases */
static inline void em_channel_received_(em_channel *c, int32_t first, int32_t capacity, em_irq irq)
{
    if (capacity > 1) {
        c->first = first + 1 < capacity ? first + 1 : 0;
    }
    c->length--;
    em_channel_offer_space_(c, irq);
}

/** Drop every value that is not set aside. Context: task | isr | any hart */
void em_channel_clear_(em_channel *c);

/**
 * EM_CHANNEL_TYPE(name, T, N); expands to the type `name`, a channel of N >= 1 values of type T, and
 *
 *     name_send_future *name_send(name_send_future *, name *, T)        awaitable: the value is in
 *     name_receive_future *name_receive(name_receive_future *, name *)  awaitable, out: T
 *     name_ready_to_send_future *name_ready_to_send(name_ready_to_send_future *, name *)           awaitable:
 *     name_ready_to_receive_future *name_ready_to_receive(name_ready_to_receive_future *, name *)  see the rules
 *     int name_try_send(name *, T)        EM_OK | EM_ERR_AGAIN: no space     task | isr | any hart
 *     int name_try_receive(name *, T *)   EM_OK | EM_ERR_AGAIN: no value     task | isr | any hart
 *     int name_try_peek(name *, T *)      EM_OK | EM_ERR_AGAIN: no value     task | isr | any hart
 *     void name_clear(name *)             drops what no receiver was promised
 *     uint32_t name_len(const name *), name_free(const name *), name_capacity(const name *)
 *     bool name_is_empty(const name *), name_is_full(const name *)     these: any; a snapshot
 *     em_channel_view name_view(name *)   any
 *
 * Cost: O(1), one critical section; the value is copied into the future, into the channel, and out of it. What is
 * inline: try_ and the polls, but where somebody waits already. clear: one critical section a value. A poll that is
 * ready to send or receive: one for each other that watches. Who does not watch pays nothing for who does.
 */
#define EM_CHANNEL_TYPE(name, T, N)                                                                   \
    EM_GENERATED_                                                                                     \
    _Static_assert((N) >= 1, "EM_CHANNEL_TYPE(" #name "): a channel needs a capacity of at least 1"); \
    _Static_assert((N) <= 1 << 30, "EM_CHANNEL_TYPE(" #name "): a capacity of at most 2^30");         \
    typedef struct name {                                                                             \
        em_channel channel;                                                                           \
        T values[N];                                                                                  \
    } name;                                                                                           \
    EM_CHANNEL_SEND_(name, T, N)                                                                      \
    EM_CHANNEL_RECEIVE_(name, T, N)                                                                   \
    EM_CHANNEL_LOOK_(name, T)                                                                         \
    EM_CHANNEL_COUNT_(name, N)                                                                        \
    EM_CHANNEL_READY_(name, N)                                                                        \
    EM_CHANNEL_VIEW_(name, T, N)                                                                      \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_CHANNEL_SEND_(name, T, N)                                                                  \
    typedef struct name##_send_future {                                                               \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *channel;                                                                                \
        T value;                                                                                      \
    } name##_send_future;                                                                             \
    __attribute__((unused)) static inline em_poll name##_send_poll_(em_future *f, em_context *cx)     \
    {                                                                                                 \
        name##_send_future *s = (name##_send_future *)(void *)f;                                      \
        name *c = s->channel;                                                                         \
        em_irq irq = em_lock_acquire(&c->channel.lock);                                               \
        if (!em_channel_send_turn_(&c->channel, (N), &s->node)) {                                     \
            return em_channel_wait_(&c->channel, &c->channel.senders, &s->node, cx, irq);              \
        }                                                                                             \
        c->values[em_channel_end_(&c->channel, (N))] = s->value;                                      \
        em_channel_sent_(&c->channel, irq);                                                           \
        return EM_READY;                                                                              \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_send_drop_(em_future *f)                        \
    {                                                                                                 \
        name##_send_future *s = (name##_send_future *)(void *)f;                                      \
        em_channel_send_leave_(&s->channel->channel, &s->node);                                       \
    }                                                                                                 \
    static const em_future_ops name##_send_ops_ = {name##_send_poll_, name##_send_drop_, #name "_send"}; \
    __attribute__((unused)) static inline name##_send_future *name##_send(name##_send_future *s, name *c, T value) \
    {                                                                                                 \
        s->future.ops = &name##_send_ops_;                                                            \
        em_wait_node_init(&s->node);                                                                  \
        s->channel = c;                                                                               \
        s->value = value;                                                                             \
        return s;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_send(name *c, T value)           \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&c->channel.lock);                                               \
        if (!em_channel_has_space_(&c->channel, (N))) {                                               \
            em_lock_release(&c->channel.lock, irq);                                                   \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        c->values[em_channel_end_(&c->channel, (N))] = value;                                         \
        em_channel_sent_(&c->channel, irq);                                                           \
        return EM_OK;                                                                                 \
    }

#define EM_CHANNEL_RECEIVE_(name, T, N)                                                               \
    typedef struct name##_receive_future {                                                            \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *channel;                                                                                \
        T out;                                                                                        \
    } name##_receive_future;                                                                          \
    __attribute__((unused)) static inline em_poll name##_receive_poll_(em_future *f, em_context *cx)  \
    {                                                                                                 \
        name##_receive_future *r = (name##_receive_future *)(void *)f;                                \
        name *c = r->channel;                                                                         \
        em_irq irq = em_lock_acquire(&c->channel.lock);                                               \
        if (!em_channel_receive_turn_(&c->channel, &r->node)) {                                       \
            return em_channel_wait_(&c->channel, &c->channel.receivers, &r->node, cx, irq);            \
        }                                                                                             \
        int32_t first = em_channel_first_(&c->channel, (N));                                          \
        r->out = c->values[first];                                                                    \
        em_channel_received_(&c->channel, first, (N), irq);                                           \
        return EM_READY;                                                                              \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_receive_drop_(em_future *f)                     \
    {                                                                                                 \
        name##_receive_future *r = (name##_receive_future *)(void *)f;                                \
        em_channel_receive_leave_(&r->channel->channel, &r->node);                                    \
    }                                                                                                 \
    static const em_future_ops name##_receive_ops_ = {name##_receive_poll_, name##_receive_drop_,     \
                                                      #name "_receive"};                              \
    __attribute__((unused)) static inline name##_receive_future *name##_receive(name##_receive_future *r, name *c) \
    {                                                                                                 \
        r->future.ops = &name##_receive_ops_;                                                         \
        em_wait_node_init(&r->node);                                                                  \
        r->channel = c;                                                                               \
        return r;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_receive(name *c, T *out)         \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&c->channel.lock);                                               \
        if (!em_channel_has_value_(&c->channel)) {                                                    \
            em_lock_release(&c->channel.lock, irq);                                                   \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        int32_t first = em_channel_first_(&c->channel, (N));                                          \
        *out = c->values[first];                                                                      \
        em_channel_received_(&c->channel, first, (N), irq);                                           \
        return EM_OK;                                                                                 \
    }

#define EM_CHANNEL_LOOK_(name, T)                                                                     \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_peek(name *c, T *out)            \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&c->channel.lock);                                               \
        bool has_value = em_channel_has_value_(&c->channel);                                          \
        if (has_value) {                                                                              \
            *out = c->values[c->channel.first];                                                       \
        }                                                                                             \
        em_lock_release(&c->channel.lock, irq);                                                       \
        return has_value ? EM_OK : EM_ERR_AGAIN;                                                      \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_clear(name *c)                                  \
    {                                                                                                 \
        em_channel_clear_(&c->channel);                                                               \
    }

/* For priority channels too. */
#define EM_CHANNEL_COUNT_(name, N)                                                                    \
    __attribute__((unused)) static inline uint32_t name##_len(const name *c)                          \
    {                                                                                                 \
        return (uint32_t)c->channel.length;                                                           \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_free(const name *c)                         \
    {                                                                                                 \
        return (uint32_t)((N)-c->channel.length);                                                     \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_capacity(const name *c)                     \
    {                                                                                                 \
        (void)c;                                                                                      \
        return (N);                                                                                   \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_empty(const name *c)                         \
    {                                                                                                 \
        return c->channel.length == 0;                                                                \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_full(const name *c)                          \
    {                                                                                                 \
        return c->channel.length == (N);                                                              \
    }

#define EM_CHANNEL_READY_(name, N)                                                                    \
    typedef em_channel_ready_future name##_ready_to_send_future;                                      \
    typedef em_channel_ready_future name##_ready_to_receive_future;                                   \
    __attribute__((unused)) static inline name##_ready_to_send_future *name##_ready_to_send(          \
        name##_ready_to_send_future *r, name *c)                                                      \
    {                                                                                                 \
        r->future.ops = &em_channel_ready_to_send_ops_.ops;                                           \
        return em_channel_ready_init_(r, &c->channel, (N));                                           \
    }                                                                                                 \
    __attribute__((unused)) static inline name##_ready_to_receive_future *name##_ready_to_receive(    \
        name##_ready_to_receive_future *r, name *c)                                                   \
    {                                                                                                 \
        r->future.ops = &em_channel_ready_to_receive_ops_.ops;                                        \
        return em_channel_ready_init_(r, &c->channel, (N));                                           \
    }

#define EM_CHANNEL_VIEW_(name, T, N)                                                                  \
    static const em_channel_kind name##_kind_ __attribute__((unused)) = {                             \
        .size = sizeof(T),                                                                            \
        .capacity = (N),                                                                              \
        .values = offsetof(name, values),                                                             \
        .put = em_channel_put_,                                                                       \
        .take = em_channel_take_,                                                                     \
        .next = em_channel_oldest_,                                                                   \
        .clear = em_channel_clear_,                                                                   \
        .send_ops = &em_channel_send_ops_,                                                            \
        .receive_ops = &em_channel_receive_ops_,                                                      \
    };                                                                                                \
    __attribute__((unused)) static inline em_channel_view name##_view(name *c)                        \
    {                                                                                                 \
        return (em_channel_view){&c->channel, &name##_kind_};                                         \
    }

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Priority channels: channels from which the value comes first whose key is the greatest, or the least.
 *
 * Flow: send -> a heap -> the longest waiting receiver;  receive, remove_if -> space -> the longest waiting sender
 *
 * Rules for priority channels:
 *  - A zeroed one is empty. EM_MAX_FIRST: what has the greatest key comes first; EM_MIN_FIRST: the least.
 *  - Stable: what has the same key comes in the order in which it was sent, if fewer than 2^31 values are sent
 *    while one waits.
 *  - A key is an int64_t, KEY(const T *), a function or a macro; without KEY, the value itself. It is computed by the
 *    sender, at each poll and by try_send, without the lock, and depends on the value only.
 *  - FIFO on both sides, as channels: space is set aside for the sender, a value for the receiver that waited
 *    longest. It takes what comes first when it is polled: that may be more urgent than what it was woken for.
 *  - remove_if and clear leave nothing, also nothing of what woken receivers were to have: those wait on, before all
 *    others, in the order of their polls. Each place that gets free wakes a sender. What is sent meanwhile may stay.
 *  - A send that is dropped before it was ready has not sent; a receive that is dropped has taken nothing.
 *  - ready_to_send, ready_to_receive and views: as em/channel.h says.
 */
#pragma once

#include <em/channel.h>
#include <em/generated.h>

#define EM_MIN_FIRST 0
#define EM_MAX_FIRST 1

/* Of slot i: its value's key and number, and where in the heap it is. Of place i of the heap: which slot is there. */
typedef struct em_priority_place_ {
    int64_t key;     /* the least comes first */
    uint32_t number; /* in order of sending */
    uint16_t at;
    uint16_t slot; /* at places from length on: a free one */
} em_priority_place_;

typedef struct em_priority_channel {
    _Alignas(em_priority_place_) em_channel channel;
    em_wait_node *returned; /* while it waits: the last of those before all others whose value was removed */
    uint32_t sent;
    uint32_t used; /* slots that ever held a value; the heap of these many places follows */
} em_priority_channel;

/**
 * The turn of a send. Returns the slot to which the value is to be written, then em_priority_channel_sent_(); or -1:
 * it waits. @p n NULL: for try_send, -1 is EM_ERR_AGAIN.
 *
 * Context: task | isr | any hart; takes the lock and keeps it, but for -1. Cost: O(log capacity)
 */
int32_t em_priority_channel_send_turn_(em_priority_channel *p, int32_t capacity, int64_t key, em_wait_node *n,
                                       em_context *cx, em_irq *irq);

/** The value is there. Context: with the lock, which it releases. Cost: O(1) */
void em_priority_channel_sent_(em_priority_channel *p, em_irq irq);

/** The turn of a receive: the slot to be read, then em_channel_offer_space_(); or -1. Context, cost: as of a send */
int32_t em_priority_channel_receive_turn_(em_priority_channel *p, em_wait_node *n, em_context *cx, em_irq *irq);

/** The slot of what comes first, if it is not set aside, or -1. Context: with the lock. Cost: O(1) */
int32_t em_priority_channel_first_(const em_priority_channel *p);

/** Is there a value in @p slot? Which? Context: with the lock. Cost: O(1) */
bool em_priority_channel_holds_(const em_priority_channel *p, uint32_t slot, uint32_t *number);

/** Remove this value, if it is still there; returns how many. Context: task | isr | any hart. Cost: O(log capacity) */
uint32_t em_priority_channel_remove_(em_priority_channel *p, uint32_t slot, uint32_t number);

/** The drop of a receive. Context: task */
void em_priority_channel_receive_leave_(em_channel *c, em_wait_node *n);

/** Remove what is there. Context: task | isr | any hart. Cost: a critical section a value, each O(log capacity) */
void em_priority_channel_clear_(em_channel *c);

/* For views: as those of em/channel_view.h. */
extern const em_future_ops em_priority_channel_send_ops_, em_priority_channel_receive_ops_;
void em_priority_channel_put_(em_channel_view v, const void *value, int64_t key, em_irq irq);
void em_priority_channel_take_(em_channel_view v, void *out, em_irq irq);
const void *em_priority_channel_next_(em_channel_view v);

/**
 * EM_PRIORITY_CHANNEL_TYPE(name, T, N, ORDER); or (name, T, N, ORDER, KEY); expands to the type `name`, a channel of
 * N values of type T, 1 to 65535, in ORDER, EM_MAX_FIRST or EM_MIN_FIRST, of their keys, and
 *
 *     uint32_t name_remove_if(name *, bool (*remove)(const T *, void *), void *arg)    task | isr | any hart
 *                                         removes each value for which remove(&copy, arg); returns how many.
 *                                         remove is called with nothing masked or locked
 *     void name_clear(name *)             removes all                                  task | isr | any hart
 *
 * and, as EM_CHANNEL_TYPE does, name_send, name_receive, name_ready_to_send, name_ready_to_receive, name_try_send,
 * name_try_receive, name_try_peek, name_len, name_free, name_capacity, name_is_empty, name_is_full, name_view.
 *
 * Cost: send, receive, try_: O(log N), one critical section, in which only indices are moved; peek, watching: O(1).
 * remove_if: a call of remove and two critical sections a value. Beside the value 16 bytes each.
 */
#define EM_PRIORITY_CHANNEL_TYPE(name, T, N, ...)                                                     \
    EM_PRIORITY_CHANNEL_PICK_(__VA_ARGS__, EM_PRIORITY_CHANNEL_5_, EM_PRIORITY_CHANNEL_4_, )(name, T, N, __VA_ARGS__)

#define EM_PRIORITY_CHANNEL_PICK_(order, key, pick, ...) pick
#define EM_PRIORITY_CHANNEL_4_(name, T, N, ORDER) EM_PRIORITY_CHANNEL_5_(name, T, N, ORDER, EM_KEY_OF_VALUE_)
#define EM_KEY_OF_VALUE_(value) (*(value))

#define EM_PRIORITY_CHANNEL_5_(name, T, N, ORDER, KEY)                                                \
    EM_GENERATED_                                                                                     \
    _Static_assert((N) >= 1, "EM_PRIORITY_CHANNEL_TYPE(" #name "): a channel needs a capacity of at least 1"); \
    _Static_assert((N) <= UINT16_MAX, "EM_PRIORITY_CHANNEL_TYPE(" #name "): a capacity of at most 65535"); \
    _Static_assert((ORDER) == EM_MIN_FIRST || (ORDER) == EM_MAX_FIRST,                                \
                   "EM_PRIORITY_CHANNEL_TYPE(" #name "): the order is EM_MIN_FIRST or EM_MAX_FIRST"); \
    typedef struct name {                                                                             \
        union {                                                                                       \
            em_channel channel;                                                                       \
            em_priority_channel priority;                                                             \
        };                                                                                            \
        em_priority_place_ places[N];                                                                 \
        T values[N];                                                                                  \
    } name;                                                                                           \
    _Static_assert(offsetof(name, places) == sizeof(em_priority_channel), "the places follow");       \
    __attribute__((unused)) static inline int64_t name##_key_(const void *value_)                     \
    {                                                                                                 \
        T const *v = value_;                                                                          \
        int64_t key = (int64_t)(KEY(v));                                                              \
        return (ORDER) == EM_MAX_FIRST ? ~key : key;                                                  \
    }                                                                                                 \
    EM_PRIORITY_CHANNEL_SEND_(name, T, N)                                                             \
    EM_PRIORITY_CHANNEL_RECEIVE_(name, T)                                                             \
    EM_PRIORITY_CHANNEL_REMOVE_(name, T, N)                                                           \
    EM_CHANNEL_COUNT_(name, N)                                                                        \
    EM_CHANNEL_READY_(name, N)                                                                        \
    EM_PRIORITY_CHANNEL_VIEW_(name, T, N)                                                             \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_PRIORITY_CHANNEL_SEND_(name, T, N)                                                         \
    typedef struct name##_send_future {                                                               \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *channel;                                                                                \
        T value;                                                                                      \
    } name##_send_future;                                                                             \
    __attribute__((unused)) static inline bool name##_send_turn_(name *c, T const *value_, em_wait_node *n, \
                                                                 em_context *cx)                      \
    {                                                                                                 \
        em_irq irq;                                                                                   \
        int32_t slot_ = em_priority_channel_send_turn_(&c->priority, (N), name##_key_(value_), n, cx, &irq); \
        if (slot_ < 0) {                                                                              \
            return false;                                                                             \
        }                                                                                             \
        c->values[slot_] = *value_;                                                                   \
        em_priority_channel_sent_(&c->priority, irq);                                                 \
        return true;                                                                                  \
    }                                                                                                 \
    __attribute__((unused)) static inline em_poll name##_send_poll_(em_future *f, em_context *cx)     \
    {                                                                                                 \
        name##_send_future *s = (name##_send_future *)(void *)f;                                      \
        return name##_send_turn_(s->channel, &s->value, &s->node, cx) ? EM_READY : EM_PENDING;        \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_send_drop_(em_future *f)                        \
    {                                                                                                 \
        name##_send_future *s = (name##_send_future *)(void *)f;                                      \
        em_channel_send_leave_(&s->channel->channel, &s->node);                                       \
    }                                                                                                 \
    static const em_future_ops name##_send_ops_ = {name##_send_poll_, name##_send_drop_, #name "_send"}; \
    __attribute__((unused)) static inline name##_send_future *name##_send(name##_send_future *s, name *c, T value_) \
    {                                                                                                 \
        s->future.ops = &name##_send_ops_;                                                            \
        em_wait_node_init(&s->node);                                                                  \
        s->channel = c;                                                                               \
        s->value = value_;                                                                            \
        return s;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_send(name *c, T value_)          \
    {                                                                                                 \
        return name##_send_turn_(c, &value_, NULL, NULL) ? EM_OK : EM_ERR_AGAIN;                      \
    }

#define EM_PRIORITY_CHANNEL_RECEIVE_(name, T)                                                         \
    typedef struct name##_receive_future {                                                            \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *channel;                                                                                \
        T out;                                                                                        \
    } name##_receive_future;                                                                          \
    __attribute__((unused)) static inline bool name##_receive_turn_(name *c, T *out, em_wait_node *n, em_context *cx) \
    {                                                                                                 \
        em_irq irq;                                                                                   \
        int32_t slot_ = em_priority_channel_receive_turn_(&c->priority, n, cx, &irq);                 \
        if (slot_ < 0) {                                                                              \
            return false;                                                                             \
        }                                                                                             \
        *out = c->values[slot_];                                                                      \
        em_channel_offer_space_(&c->channel, irq);                                                    \
        return true;                                                                                  \
    }                                                                                                 \
    __attribute__((unused)) static inline em_poll name##_receive_poll_(em_future *f, em_context *cx)  \
    {                                                                                                 \
        name##_receive_future *r = (name##_receive_future *)(void *)f;                                \
        return name##_receive_turn_(r->channel, &r->out, &r->node, cx) ? EM_READY : EM_PENDING;       \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_receive_drop_(em_future *f)                     \
    {                                                                                                 \
        name##_receive_future *r = (name##_receive_future *)(void *)f;                                \
        em_priority_channel_receive_leave_(&r->channel->channel, &r->node);                           \
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
        return name##_receive_turn_(c, out, NULL, NULL) ? EM_OK : EM_ERR_AGAIN;                       \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_peek(name *c, T *out)            \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&c->channel.lock);                                               \
        int32_t slot_ = em_priority_channel_first_(&c->priority);                                     \
        if (slot_ >= 0) {                                                                             \
            *out = c->values[slot_];                                                                  \
        }                                                                                             \
        em_lock_release(&c->channel.lock, irq);                                                       \
        return slot_ >= 0 ? EM_OK : EM_ERR_AGAIN;                                                     \
    }

#define EM_PRIORITY_CHANNEL_REMOVE_(name, T, N)                                                       \
    __attribute__((unused)) static inline uint32_t name##_remove_if(                                  \
        name *c, bool (*remove)(T const *value_, void *arg_), void *arg_)                             \
    {                                                                                                 \
        uint32_t removed = 0;                                                                         \
        for (uint32_t slot_ = 0; slot_ < (N); slot_++) {                                              \
            T copy;                                                                                   \
            uint32_t number;                                                                          \
            em_irq irq = em_lock_acquire(&c->channel.lock);                                           \
            bool there = em_priority_channel_holds_(&c->priority, slot_, &number);                    \
            if (there) {                                                                              \
                copy = c->values[slot_];                                                              \
            }                                                                                         \
            em_lock_release(&c->channel.lock, irq);                                                   \
            if (there && remove(&copy, arg_)) {                                                       \
                removed += em_priority_channel_remove_(&c->priority, slot_, number);                  \
            }                                                                                         \
        }                                                                                             \
        return removed;                                                                               \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_clear(name *c)                                  \
    {                                                                                                 \
        em_priority_channel_clear_(&c->channel);                                                      \
    }

#define EM_PRIORITY_CHANNEL_VIEW_(name, T, N)                                                         \
    static const em_channel_kind name##_kind_ __attribute__((unused)) = {                             \
        .size = sizeof(T),                                                                            \
        .capacity = (N),                                                                              \
        .values = offsetof(name, values),                                                             \
        .key = name##_key_,                                                                           \
        .put = em_priority_channel_put_,                                                              \
        .take = em_priority_channel_take_,                                                            \
        .next = em_priority_channel_next_,                                                            \
        .clear = em_priority_channel_clear_,                                                          \
        .send_ops = &em_priority_channel_send_ops_,                                                   \
        .receive_ops = &em_priority_channel_receive_ops_,                                             \
    };                                                                                                \
    __attribute__((unused)) static inline em_channel_view name##_view(name *c)                        \
    {                                                                                                 \
        return (em_channel_view){&c->channel, &name##_kind_};                                         \
    }

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Zero-copy channels: values are written and read where they are; what goes through the channel is who may.
 *
 * Flow: send -> fill *out -> send_done -> the longest waiting receiver;  receive -> read *out -> receive_done -> space
 *
 * Rules for zero-copy channels:
 *  - A zeroed one is empty. Any number of senders and receivers, tasks and interrupts, each with places of its own:
 *    who has borrowed a place has it alone, for as long as it likes.
 *  - What was borrowed is given back once, by one of two functions: send_done, the value is sent, or send_undo, it is
 *    not; receive_done, the place is free, or receive_undo, the value is the next to be received, as if it never had
 *    been. Anything else asserts. A task that may be cancelled between does it in FINALLY: nobody else does, and
 *    what is not given back is missing for ever.
 *  - Values arrive in the order of the send_dones. A place holds what was in it when it was borrowed last.
 *  - FIFO on both sides: a place, or a value, is set aside for the task that waited longest; nobody overtakes it, and
 *    if its wait is dropped the next gets it. A wait that is dropped has borrowed nothing.
 */
#pragma once

#include <em/assert.h>
#include <em/channel_core.h>
#include <em/generated.h>

/* Of the ring's i-th place: the slot whose value is there. Of slot i: who has it. */
typedef struct em_zerocopy_place_ {
    uint16_t queued;
    uint16_t state; /* or, while it is free: the next free slot plus one, or 0 */
} em_zerocopy_place_;

#define EM_ZEROCOPY_MAX_ 65000 /* states are above */

typedef struct em_zerocopy_channel {
    _Alignas(uint64_t) em_channel channel; /* the ring is of slots */
    uint16_t free;                         /* the first free slot plus one, or 0 */
    uint16_t used;                         /* slots that were ever borrowed; the others are free too */
    int32_t lent;                          /* borrowed now, by either side */
} em_zerocopy_channel;                     /* its places follow */

/**
 * The turn of a send: the slot it has borrowed, or -1. @p n NULL: for try_send; else it waits then.
 *
 * Context: task | isr | any hart. Cost: O(1)
 */
int32_t em_zerocopy_channel_send_turn_(em_zerocopy_channel *z, int32_t capacity, em_wait_node *n, em_context *cx);

/** The turn of a receive. Context, cost: as of a send */
int32_t em_zerocopy_channel_receive_turn_(em_zerocopy_channel *z, int32_t capacity, em_wait_node *n, em_context *cx);

/* What was borrowed comes back: with a value, or without. Context: task | isr | any hart. Cost: O(1) */
void em_zerocopy_channel_send_done_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot);
void em_zerocopy_channel_send_undo_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot);
void em_zerocopy_channel_receive_done_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot);
void em_zerocopy_channel_receive_undo_(em_zerocopy_channel *z, int32_t capacity, uint32_t slot);

/* Drop every value that is not set aside. Context: task | isr | any hart. Cost: a critical section a value */
void em_zerocopy_channel_clear_(em_zerocopy_channel *z, int32_t capacity);

/**
 * EM_ZEROCOPY_CHANNEL_TYPE(name, T, N); expands to the type `name`, a channel of N places, 1 to 65000, for values of
 * type T, and
 *
 *     name_send_future *name_send(name_send_future *, name *)           awaitable, out: T *, a place to be filled
 *     name_receive_future *name_receive(name_receive_future *, name *)  awaitable, out: T *, a value to be read
 *     int  name_try_send(name *, T **)       EM_OK | EM_ERR_AGAIN: no place          task | isr | any hart
 *     int  name_try_receive(name *, T **)    EM_OK | EM_ERR_AGAIN: no value          task | isr | any hart
 *     void name_send_done(name *, T *)       it is filled: send it                   task | isr | any hart
 *     void name_send_undo(name *, T *)       it is not: others may have the place    task | isr | any hart
 *     void name_receive_done(name *, T *)    it was read: others may have the place  task | isr | any hart
 *     void name_receive_undo(name *, T *)    it was not: the next receive has it     task | isr | any hart
 *     void name_clear(name *)                drops what nobody has borrowed and no receiver was promised
 *     uint32_t name_len(const name *)        values that can be received             these: any; a snapshot
 *     uint32_t name_free(const name *)       places that can be borrowed
 *     uint32_t name_capacity(const name *)
 *     bool name_is_empty(const name *), name_is_full(const name *)    len, free is 0
 *
 * Cost: O(1), one critical section each, whatever the size of T, which is never copied; 4 bytes a place beside T.
 */
#define EM_ZEROCOPY_CHANNEL_TYPE(name, T, N)                                                          \
    EM_GENERATED_                                                                                     \
    _Static_assert((N) >= 1, "EM_ZEROCOPY_CHANNEL_TYPE(" #name "): a channel needs a capacity of at least 1"); \
    _Static_assert((N) <= EM_ZEROCOPY_MAX_, "EM_ZEROCOPY_CHANNEL_TYPE(" #name "): a capacity of at most 65000"); \
    typedef struct name {                                                                             \
        em_zerocopy_channel zerocopy;                                                                 \
        em_zerocopy_place_ places[N];                                                                 \
        T values[N];                                                                                  \
    } name;                                                                                           \
    _Static_assert(offsetof(name, places) == sizeof(em_zerocopy_channel), "the places follow");       \
    EM_ZEROCOPY_BORROW_(name, T, N, send)                                                             \
    EM_ZEROCOPY_BORROW_(name, T, N, receive)                                                          \
    EM_ZEROCOPY_LOOK_(name, N)                                                                        \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_ZEROCOPY_BORROW_(name, T, N, verb)                                                         \
    typedef struct name##_##verb##_future {                                                           \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *channel;                                                                                \
        T *out;                                                                                       \
    } name##_##verb##_future;                                                                         \
    EM_MUST_USE __attribute__((unused)) static inline int name##_##verb##_turn_(name *c, T **out, em_wait_node *n, \
                                                                                em_context *cx)       \
    {                                                                                                 \
        int32_t slot = em_zerocopy_channel_##verb##_turn_(&c->zerocopy, (N), n, cx);                  \
        if (slot < 0) {                                                                               \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        *out = &c->values[slot];                                                                      \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline em_poll name##_##verb##_poll_(em_future *f, em_context *cx) \
    {                                                                                                 \
        name##_##verb##_future *b = (name##_##verb##_future *)(void *)f;                              \
        return name##_##verb##_turn_(b->channel, &b->out, &b->node, cx) == EM_OK ? EM_READY : EM_PENDING; \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_##verb##_drop_(em_future *f)                    \
    {                                                                                                 \
        name##_##verb##_future *b = (name##_##verb##_future *)(void *)f;                              \
        em_channel_##verb##_leave_(&b->channel->zerocopy.channel, &b->node);                          \
    }                                                                                                 \
    static const em_future_ops name##_##verb##_ops_ = {name##_##verb##_poll_, name##_##verb##_drop_,  \
                                                       #name "_" #verb};                              \
    __attribute__((unused)) static inline name##_##verb##_future *name##_##verb(name##_##verb##_future *b, name *c) \
    {                                                                                                 \
        b->future.ops = &name##_##verb##_ops_;                                                        \
        em_wait_node_init(&b->node);                                                                  \
        b->channel = c;                                                                               \
        return b;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_##verb(name *c, T **out)         \
    {                                                                                                 \
        return name##_##verb##_turn_(c, out, NULL, NULL);                                             \
    }                                                                                                 \
    EM_ZEROCOPY_GIVE_BACK_(name, T, N, verb, done)                                                    \
    EM_ZEROCOPY_GIVE_BACK_(name, T, N, verb, undo)

#define EM_ZEROCOPY_GIVE_BACK_(name, T, N, verb, how)                                                 \
    __attribute__((unused)) static inline void name##_##verb##_##how(name *c, T *value)               \
    {                                                                                                 \
        size_t slot = ((uintptr_t)value - (uintptr_t)c->values) / sizeof(T);                          \
        EM_ASSERT(slot < (N) && value == &c->values[slot]);                                           \
        em_zerocopy_channel_##verb##_##how##_(&c->zerocopy, (N), (uint32_t)slot);                     \
    }

#define EM_ZEROCOPY_LOOK_(name, N)                                                                    \
    __attribute__((unused)) static inline void name##_clear(name *c)                                  \
    {                                                                                                 \
        em_zerocopy_channel_clear_(&c->zerocopy, (N));                                                \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_len(const name *c)                          \
    {                                                                                                 \
        return (uint32_t)c->zerocopy.channel.length;                                                  \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_free(const name *c)                         \
    {                                                                                                 \
        return (uint32_t)((N)-c->zerocopy.channel.length - c->zerocopy.lent);                         \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_capacity(const name *c)                     \
    {                                                                                                 \
        (void)c;                                                                                      \
        return (N);                                                                                   \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_empty(const name *c)                         \
    {                                                                                                 \
        return name##_len(c) == 0;                                                                    \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_full(const name *c)                          \
    {                                                                                                 \
        return name##_free(c) == 0;                                                                   \
    }

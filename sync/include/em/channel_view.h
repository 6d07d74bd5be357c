/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Views: a handle of any channel or priority channel whose values have one size. One function serves channels of
 * every capacity and order.
 *
 * Flow: name_view(&channel) -> em_channel_send, em_channel_receive -> the kind's way to keep values
 *
 * Rules for views:
 *  - A view is two words, copied freely, and as good as the channel: who waits through views and who waits by the
 *    typed functions are in one line.
 *  - Values are bytes: every function is told how many, and asserts that the channel's have as many.
 *  - An awaited value is not copied into the future: what `value` points to must be there until it is ready or
 *    dropped, so keep it in VARS.
 *  - Costs more than the typed functions: an indirect call and a copy whose size the compiler does not know.
 */
#pragma once

#include <em/channel_core.h>

typedef struct em_channel_kind em_channel_kind;

typedef struct em_channel_view {
    em_channel *channel;
    const em_channel_kind *kind;
} em_channel_view;

/* How a type of channels keeps its values: made by EM_CHANNEL_TYPE and EM_PRIORITY_CHANNEL_TYPE. */
struct em_channel_kind {
    uint32_t size; /* of a value */
    int32_t capacity;
    uint32_t values;                   /* where in the object they are */
    int64_t (*key)(const void *value); /* what orders them, or NULL; called without the lock */

    /* With the lock, which put and take release. There is space for put, a value for take and next. */
    void (*put)(em_channel_view v, const void *value, int64_t key, em_irq irq);
    void (*take)(em_channel_view v, void *out, em_irq irq);
    const void *(*next)(em_channel_view v); /* what take takes */

    void (*clear)(em_channel *c);       /* task | isr | any hart */
    const em_future_ops *send_ops;      /* of an em_channel_send_future */
    const em_future_ops *receive_ops;
};

/* Those of EM_CHANNEL_TYPE; its clear is em_channel_clear_(). */
extern const em_future_ops em_channel_send_ops_, em_channel_receive_ops_;
void em_channel_put_(em_channel_view v, const void *value, int64_t key, em_irq irq);
void em_channel_take_(em_channel_view v, void *out, em_irq irq);
const void *em_channel_oldest_(em_channel_view v);

typedef struct em_channel_send_future {
    em_future future;
    em_wait_node node;
    em_channel_view view;
    const void *value;
} em_channel_send_future;

typedef struct em_channel_receive_future {
    em_future future;
    em_wait_node node;
    em_channel_view view;
    void *value;
} em_channel_receive_future;

/**
 * Awaitable: the @p size bytes at @p value are in.
 *
 * Context: task
 * Cancel:  has not sent; loses nothing else: a place set aside for it goes to the next that waits
 * Cost:    O(1), or O(log capacity) for a priority channel; copies the value once
 */
em_channel_send_future *em_channel_send(em_channel_send_future *s, em_channel_view v, const void *value, size_t size);

/**
 * Awaitable: a value was received; its @p size bytes are at @p value.
 *
 * Context: task
 * Cancel:  loses nothing: has taken nothing, and a value set aside for it goes to the next that waits
 * Cost:    as em_channel_send()
 */
em_channel_receive_future *em_channel_receive(em_channel_receive_future *r, em_channel_view v, void *value,
                                              size_t size);

/**
 * Awaitable: there was a place that nobody was promised. What that guarantees: the rules of em/channel.h.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(1)
 */
em_channel_ready_future *em_channel_ready_to_send(em_channel_ready_future *r, em_channel_view v);

/**
 * Awaitable: there was a value that nobody was promised.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(1)
 */
em_channel_ready_future *em_channel_ready_to_receive(em_channel_ready_future *r, em_channel_view v);

/** Send if there is space. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: as em_channel_send() */
EM_MUST_USE int em_channel_try_send(em_channel_view v, const void *value, size_t size);

/** Receive if there is a value. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: as em_channel_send() */
EM_MUST_USE int em_channel_try_receive(em_channel_view v, void *value, size_t size);

/** Copy the next value, and leave it. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: O(1) */
EM_MUST_USE int em_channel_try_peek(em_channel_view v, void *value, size_t size);

/** As name_clear(). Context: task | isr | any hart. Cost: one critical section a value */
static inline void em_channel_clear(em_channel_view v)
{
    v.kind->clear(v.channel);
}

/** How many values are in. Context: any; a snapshot */
static inline uint32_t em_channel_len(em_channel_view v)
{
    return (uint32_t)v.channel->length;
}

/** How many values it can hold. Context: any */
static inline uint32_t em_channel_capacity(em_channel_view v)
{
    return (uint32_t)v.kind->capacity;
}

/** How many places no value is in. Context: any; a snapshot */
static inline uint32_t em_channel_free(em_channel_view v)
{
    return em_channel_capacity(v) - em_channel_len(v);
}

/** Is no value in? Context: any; a snapshot */
static inline bool em_channel_is_empty(em_channel_view v)
{
    return em_channel_len(v) == 0;
}

/** Is a value in every place? Context: any; a snapshot */
static inline bool em_channel_is_full(em_channel_view v)
{
    return em_channel_free(v) == 0;
}

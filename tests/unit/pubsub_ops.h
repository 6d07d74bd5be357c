/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Publish and subscribe as a model is compared with it: a queue of one or of three, behind one table. */
#pragma once

#include "waiters.h"

#include <em/pubsub.h>

EM_PUBSUB_TYPE(one, uint32_t, 1);
EM_PUBSUB_TYPE(three, uint32_t, 3);

/* What differs between the two. Subscribers and futures have the same layout. */
typedef struct pubsub_ops {
    em_future *(*publish)(unsigned i, uint32_t message);
    em_future *(*next)(unsigned i);
    em_future *(*next_pure)(unsigned i);
    int (*try_publish)(uint32_t message);
    void (*publish_immediate)(uint32_t message);
    int (*try_next)(unsigned i, one_result *out);
    int (*try_next_pure)(unsigned i, uint32_t *out);
    void (*subscribe)(unsigned i);
    void (*unsubscribe)(unsigned i);
    uint32_t (*available)(unsigned i);
    void (*clear)(void);
    uint32_t (*len)(void);
    uint32_t (*subscribers)(void);
    uint32_t capacity;
} pubsub_ops;

static one_subscriber subscribers[WAITERS];
static one_publish_future publishes[WAITERS];
static one_next_message_future nexts[WAITERS];
static one_next_message_pure_future pures[WAITERS];
_Static_assert(sizeof(one_publish_future) == sizeof(three_publish_future), "one storage for both");
_Static_assert(sizeof(one_next_message_future) == sizeof(three_next_message_future), "one storage for both");

#define AS(name, type, object) ((name##_##type *)(void *)&(object))
#define OPS(name, N)                                                                                        \
    static name name##_pubsub;                                                                              \
    static em_future *name##_publish_op(unsigned i, uint32_t message)                                       \
    {                                                                                                       \
        return &name##_publish(AS(name, publish_future, publishes[i]), &name##_pubsub, message)->future;    \
    }                                                                                                       \
    static em_future *name##_next_op(unsigned i)                                                            \
    {                                                                                                       \
        return &name##_next_message(AS(name, next_message_future, nexts[i]),                                \
                                    AS(name, subscriber, subscribers[i]))->future;                          \
    }                                                                                                       \
    static em_future *name##_next_pure_op(unsigned i)                                                       \
    {                                                                                                       \
        return &name##_next_message_pure(AS(name, next_message_pure_future, pures[i]),                      \
                                         AS(name, subscriber, subscribers[i]))->future;                     \
    }                                                                                                       \
    static int name##_try_publish_op(uint32_t message)                                                      \
    {                                                                                                       \
        return name##_try_publish(&name##_pubsub, message);                                                 \
    }                                                                                                       \
    static void name##_publish_immediate_op(uint32_t message)                                               \
    {                                                                                                       \
        name##_publish_immediate(&name##_pubsub, message);                                                  \
    }                                                                                                       \
    static int name##_try_next_op(unsigned i, one_result *out)                                              \
    {                                                                                                       \
        return name##_try_next_message(AS(name, subscriber, subscribers[i]), (name##_result *)(void *)out); \
    }                                                                                                       \
    static int name##_try_next_pure_op(unsigned i, uint32_t *out)                                           \
    {                                                                                                       \
        return name##_try_next_message_pure(AS(name, subscriber, subscribers[i]), out);                     \
    }                                                                                                       \
    static void name##_subscribe_op(unsigned i)                                                             \
    {                                                                                                       \
        name##_subscribe(AS(name, subscriber, subscribers[i]), &name##_pubsub);                             \
    }                                                                                                       \
    static void name##_unsubscribe_op(unsigned i)                                                           \
    {                                                                                                       \
        name##_unsubscribe(AS(name, subscriber, subscribers[i]));                                           \
    }                                                                                                       \
    static uint32_t name##_available_op(unsigned i)                                                         \
    {                                                                                                       \
        return name##_available(AS(name, subscriber, subscribers[i]));                                      \
    }                                                                                                       \
    static void name##_clear_op(void)                                                                       \
    {                                                                                                       \
        name##_clear(&name##_pubsub);                                                                       \
    }                                                                                                       \
    static uint32_t name##_len_op(void)                                                                     \
    {                                                                                                       \
        return name##_len(&name##_pubsub);                                                                  \
    }                                                                                                       \
    static uint32_t name##_subscribers_op(void)                                                             \
    {                                                                                                       \
        return name##_subscribers(&name##_pubsub);                                                          \
    }                                                                                                       \
    static const pubsub_ops name##_ops = {                                                                  \
        name##_publish_op,    name##_next_op,      name##_next_pure_op,   name##_try_publish_op,            \
        name##_publish_immediate_op, name##_try_next_op, name##_try_next_pure_op, name##_subscribe_op,      \
        name##_unsubscribe_op, name##_available_op, name##_clear_op,      name##_len_op,                    \
        name##_subscribers_op, N};
OPS(one, 1)
OPS(three, 3)

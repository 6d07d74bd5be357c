/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A channel as a model is compared with it: of one or of three values, or through a view, behind one table. */
#pragma once

#include "waiters.h"

#include <em/channel.h>

EM_CHANNEL_TYPE(one, uint32_t, 1);
EM_CHANNEL_TYPE(three, uint32_t, 3);

/* What differs between the kinds of access. */
typedef struct channel_ops {
    em_future *(*send)(unsigned i, uint32_t value);
    em_future *(*receive)(unsigned i);
    uint32_t (*received)(unsigned i);
    em_future *(*ready_to_send)(unsigned i);
    em_future *(*ready_to_receive)(unsigned i);
    int (*try_send)(uint32_t value);
    int (*try_receive)(uint32_t *out);
    int (*try_peek)(uint32_t *out);
    void (*clear)(void);
    uint32_t (*len)(void);
    uint32_t capacity;
} channel_ops;

static union {
    one_send_future one;
    three_send_future three;
    em_channel_send_future view;
} sends[WAITERS];
static union {
    one_receive_future one;
    three_receive_future three;
    em_channel_receive_future view;
} receives[WAITERS];
static em_channel_ready_future to_send[WAITERS];
static em_channel_ready_future to_receive[WAITERS];
static one one_channel;
static three three_channel;

#define OPS(name, N)                                                                  \
    static em_future *name##_send_op(unsigned i, uint32_t value)                      \
    {                                                                                 \
        return &name##_send(&sends[i].name, &name##_channel, value)->future;          \
    }                                                                                 \
    static em_future *name##_receive_op(unsigned i)                                   \
    {                                                                                 \
        return &name##_receive(&receives[i].name, &name##_channel)->future;           \
    }                                                                                 \
    static uint32_t name##_received_op(unsigned i)                                    \
    {                                                                                 \
        return receives[i].name.out;                                                  \
    }                                                                                 \
    static em_future *name##_ready_to_send_op(unsigned i)                             \
    {                                                                                 \
        return &name##_ready_to_send(&to_send[i], &name##_channel)->future;           \
    }                                                                                 \
    static em_future *name##_ready_to_receive_op(unsigned i)                          \
    {                                                                                 \
        return &name##_ready_to_receive(&to_receive[i], &name##_channel)->future;     \
    }                                                                                 \
    static int name##_try_send_op(uint32_t value)                                     \
    {                                                                                 \
        return name##_try_send(&name##_channel, value);                               \
    }                                                                                 \
    static int name##_try_receive_op(uint32_t *out)                                   \
    {                                                                                 \
        return name##_try_receive(&name##_channel, out);                              \
    }                                                                                 \
    static int name##_try_peek_op(uint32_t *out)                                      \
    {                                                                                 \
        return name##_try_peek(&name##_channel, out);                                 \
    }                                                                                 \
    static void name##_clear_op(void)                                                 \
    {                                                                                 \
        name##_clear(&name##_channel);                                                \
    }                                                                                 \
    static uint32_t name##_len_op(void)                                               \
    {                                                                                 \
        return name##_len(&name##_channel);                                           \
    }                                                                                 \
    static const channel_ops name##_ops = {                                           \
        name##_send_op,     name##_receive_op,     name##_received_op, name##_ready_to_send_op, \
        name##_ready_to_receive_op, name##_try_send_op, name##_try_receive_op, name##_try_peek_op, \
        name##_clear_op,    name##_len_op,         N};
OPS(one, 1)
OPS(three, 3)

/* The same of three_channel, but that every second wait goes through its view. */
static uint32_t sent_by_view[WAITERS];
static uint32_t received_by_view[WAITERS];

static em_future *view_send_op(unsigned i, uint32_t value)
{
    if (value % 2) {
        return three_send_op(i, value);
    }
    sent_by_view[i] = value;
    return &em_channel_send(&sends[i].view, three_view(&three_channel), &sent_by_view[i], sizeof value)->future;
}

static em_future *view_receive_op(unsigned i)
{
    return &em_channel_receive(&receives[i].view, three_view(&three_channel), &received_by_view[i],
                               sizeof received_by_view[i])->future;
}

static uint32_t view_received_op(unsigned i)
{
    return received_by_view[i];
}

static em_future *view_ready_to_send_op(unsigned i)
{
    return &em_channel_ready_to_send(&to_send[i], three_view(&three_channel))->future;
}

static em_future *view_ready_to_receive_op(unsigned i)
{
    return &em_channel_ready_to_receive(&to_receive[i], three_view(&three_channel))->future;
}

static int view_try_send_op(uint32_t value)
{
    return em_channel_try_send(three_view(&three_channel), &value, sizeof value);
}

static int view_try_receive_op(uint32_t *out)
{
    return em_channel_try_receive(three_view(&three_channel), out, sizeof *out);
}

static int view_try_peek_op(uint32_t *out)
{
    return em_channel_try_peek(three_view(&three_channel), out, sizeof *out);
}

static void view_clear_op(void)
{
    em_channel_clear(three_view(&three_channel));
}

static uint32_t view_len_op(void)
{
    return em_channel_len(three_view(&three_channel));
}

static const channel_ops view_ops = {view_send_op, view_receive_op, view_received_op, view_ready_to_send_op,
                                     view_ready_to_receive_op, view_try_send_op, view_try_receive_op,
                                     view_try_peek_op, view_clear_op, view_len_op, 3};

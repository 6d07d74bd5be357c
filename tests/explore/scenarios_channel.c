/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Watching a channel between harts, beside tasks that wait for it: nobody watches or waits for what is there,
 * also when who was told, or given it, is cancelled. The channel's other scenarios: scenarios_sync.c.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/channel.h>
#include <string.h>

EM_CHANNEL_TYPE(pair, int, 2);

static pair channel;
static union {
    em_channel_ready_future ready;
    pair_send_future send;
    em_channel_receive_future receive;
} ops[USERS];
static int got[USERS];
static unsigned received;
static bool came_for_it; /* the receiver waited while the value was there */

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&channel, 0, sizeof channel);
    received = 0;
    came_for_it = false;
}

/* Watches until it has had a value. */
static em_poll watch_body(user *u, em_context *cx)
{
    do {
        if (!u->op) {
            u->op = &pair_ready_to_receive(&ops[u->number].ready, &channel)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
    } while (pair_try_receive(&channel, &got[u->number]) != EM_OK);
    received++;
    u->count++;
    return EM_READY;
}

/* Watches once, and makes nothing of it. */
static em_poll look_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &pair_ready_to_receive(&ops[u->number].ready, &channel)->future;
    }
    return users_await(u, cx) ? EM_READY : EM_PENDING;
}

static em_poll receive_body(user *u, em_context *cx)
{
    if (!u->op) {
        int *value = &got[u->number];
        u->op = &em_channel_receive(&ops[u->number].receive, pair_view(&channel), value, sizeof *value)->future;
    }
    if (!users_await(u, cx)) {
        came_for_it |= channel.channel.length > 0; /* it is there still, so nobody has taken it before us */
        return EM_PENDING;
    }
    received++;
    u->count++;
    return EM_READY;
}

static em_poll watch_space_body(user *u, em_context *cx)
{
    do {
        if (!u->op) {
            u->op = &pair_ready_to_send(&ops[u->number].ready, &channel)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
    } while (pair_try_send(&channel, 1) != EM_OK);
    u->count++;
    return EM_READY;
}

static em_poll send_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &pair_send(&ops[u->number].send, &channel, 1)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count++;
    return EM_READY;
}

static void try_send(uintptr_t values)
{
    while (values-- > 0) {
        explore_check(pair_try_send(&channel, 1) == EM_OK);
    }
}

static void try_receive(uintptr_t values)
{
    int v;
    while (values-- > 0) {
        explore_check(pair_try_receive(&channel, &v) == EM_OK);
    }
}

static void wait_in_turn(em_poll (*first)(user *u, em_context *cx), em_poll (*second)(user *u, em_context *cx))
{
    users_start(0, first, 0);
    users_run(2);
    world_settle();
    users_start(1, second, 1);
    world_settle();
    explore_check(users[0].op && users[1].op);
}

/* Two watch, two values come. */
static void ready_setup(void)
{
    reset();
    users_start(0, watch_body, 0);
    users_start(1, watch_body, 1);
    users_run(2);
    explore_hart(2, try_send, 2);
}

static void ready_quiet(void)
{
    world_quiet();
    explore_check(received == 2 && users_ended() == 2 && pair_is_empty(&channel));
}

/* Two watch, one of them gives up. */
static void ready_cancel_setup(void)
{
    reset();
    wait_in_turn(watch_body, watch_body);
    explore_hart(2, try_send, 1);
    explore_hart(3, users_cancel, 0);
}

static void one_is_received(void)
{
    world_quiet();
    explore_check(received == 1 && users[0].life.ended && pair_is_empty(&channel));
}

/* One waits and gives up, another watches. */
static void ready_instead_setup(void)
{
    reset();
    wait_in_turn(receive_body, watch_body);
    explore_hart(2, try_send, 1);
    explore_hart(3, users_cancel, 0);
}

/* Who waits gets it, although others watch for longer. */
static void ready_order_setup(void)
{
    reset();
    users_start(2, look_body, 1);
    wait_in_turn(look_body, receive_body);
    explore_hart(2, try_send, 1);
}

static void ready_order_quiet(void)
{
    world_quiet();
    explore_check(users[1].count == 1 && users[0].op && users[2].op && pair_is_empty(&channel));
}

/* Two watch; the first makes nothing of it. */
static void ready_unused_setup(void)
{
    reset();
    wait_in_turn(look_body, watch_body);
    explore_hart(2, try_send, 1);
}

static void ready_unused_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended || users[0].op);
    explore_check(received == 1 && users[1].life.ended && pair_is_empty(&channel));
}

/* Two watch; the first makes nothing of it, the second is cancelled when it is told, or before, or later. */
static void ready_told_cancel_setup(void)
{
    ready_unused_setup();
    explore_hart(3, users_cancel, 1);
}

static void ready_told_cancel_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && received + pair_len(&channel) == 1);
}

/* One watches and has been woken; another comes to wait before, or after, it has looked. */
static void ready_late_setup(void)
{
    reset();
    users_start(0, watch_body, 0);
    users_run(2);
    world_settle();
    try_send(1);
    users_start(1, receive_body, 1);
}

static void ready_late_quiet(void)
{
    world_quiet();
    explore_check(received == 1 && pair_is_empty(&channel) && channel.channel.reserved_values == 0);
    explore_check(!came_for_it || users[1].count == 1);
}

/* One watches for space, another waits for it; two values are taken. */
static void ready_space_setup(void)
{
    reset();
    try_send(2);
    wait_in_turn(watch_space_body, send_body);
    explore_hart(2, try_receive, 1);
    explore_hart(3, try_receive, 1);
}

static void ready_space_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && pair_is_full(&channel));
}

const explore_scenario scenarios_channel[] = {
    {"ready", ready_setup, ready_quiet},
    {"ready_cancel", ready_cancel_setup, one_is_received},
    {"ready_instead", ready_instead_setup, one_is_received},
    {"ready_order", ready_order_setup, ready_order_quiet},
    {"ready_unused", ready_unused_setup, ready_unused_quiet},
    {"ready_told_cancel", ready_told_cancel_setup, ready_told_cancel_quiet},
    {"ready_late", ready_late_setup, ready_late_quiet},
    {"ready_space", ready_space_setup, ready_space_quiet},
    {NULL, NULL, NULL},
};

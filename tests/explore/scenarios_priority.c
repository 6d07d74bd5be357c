/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The priority channel between harts: nothing is had twice or lost, each removed value wakes a sender, and nobody
 * waits for what is there, also when what a receiver was woken for is removed.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/priority_channel.h>
#include <string.h>

EM_PRIORITY_CHANNEL_TYPE(one, int, 1, EM_MAX_FIRST);
EM_PRIORITY_CHANNEL_TYPE(two, int, 2, EM_MIN_FIRST);

static one small;
static two pair;
static union {
    one_send_future send;
    one_receive_future receive;
    two_send_future send_pair;
    two_receive_future receive_pair;
} ops[USERS];
static unsigned times_had[8]; /* each value */
static unsigned received;
static unsigned removed;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&small, 0, sizeof small);
    memset(&pair, 0, sizeof pair);
    memset(times_had, 0, sizeof times_had);
    received = 0;
    removed = 0;
}

static void take_in(int value)
{
    explore_check(value >= 0 && value < 8 && times_had[value]++ == 0);
    received++;
}

/* -- sent by two, received by one --------------------------------------------------------------------- */

/* User n sends 2n, and, in its second step, 2n + 1. */
static em_poll send_body(user *u, em_context *cx)
{
    while (u->count < 2 - u->number) {
        if (!u->op) {
            u->op = &one_send(&ops[u->number].send, &small, (int)(2 * u->number + u->count))->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        u->count++;
    }
    return EM_READY;
}

static em_poll receive_body(user *u, em_context *cx)
{
    while (u->count < 3) {
        if (!u->op) {
            u->op = &one_receive(&ops[u->number].receive, &small)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        take_in(ops[u->number].receive.out);
        u->count++;
    }
    return EM_READY;
}

static void priority_setup(void)
{
    reset();
    users_start(0, send_body, 0);
    users_start(1, send_body, 1);
    users_start(2, receive_body, 1);
    users_run(2);
}

static void priority_quiet(void)
{
    world_quiet();
    explore_check(received == 3 && users_ended() == 3 && one_is_empty(&small));
}

/* -- removing wakes senders --------------------------------------------------------------------------- */

static bool is_any(const int *value, void *arg)
{
    (void)value;
    (void)arg;
    return true;
}

static bool is_one(const int *value, void *arg)
{
    (void)arg;
    return *value == 1;
}

static em_poll send_pair_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &two_send(&ops[u->number].send_pair, &pair, (int)u->number)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count++;
    return EM_READY;
}

static void remove_all(uintptr_t unused)
{
    (void)unused;
    removed += two_remove_if(&pair, is_any, NULL);
}

static void try_send(uintptr_t value)
{
    explore_check(two_try_send(&pair, (int)value) == EM_OK);
}

static void try_receive(uintptr_t unused)
{
    int value;
    (void)unused;
    if (two_try_receive(&pair, &value) == EM_OK) {
        take_in(value);
    }
}

/* Two wait to send; what is there is removed. */
static void priority_remove_setup(void)
{
    reset();
    try_send(6);
    try_send(7);
    users_start(0, send_pair_body, 0);
    users_start(1, send_pair_body, 1);
    users_run(2);
    world_settle();
    explore_hart(2, remove_all, 0);
}

static void priority_remove_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && users[0].count + users[1].count == 2);
    explore_check(removed + two_len(&pair) == 4);
}

/* -- what receivers were woken for is removed --------------------------------------------------------- */

static em_poll receive_pair_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &two_receive(&ops[u->number].receive_pair, &pair)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    take_in(ops[u->number].receive_pair.out);
    return EM_READY;
}

static void two_receive_it(void)
{
    reset();
    users_start(0, receive_pair_body, 0);
    users_start(1, receive_pair_body, 1);
    users_run(2);
    world_settle();
}

static void send_two(uintptr_t unused)
{
    (void)unused;
    try_send(0);
    try_send(1);
}

static void priority_gone_setup(void)
{
    two_receive_it();
    explore_hart(2, send_two, 0);
    explore_hart(3, remove_all, 0);
}

static void priority_gone_quiet(void)
{
    world_quiet();
    explore_check(received + removed == 2 && users_ended() == received && two_is_empty(&pair));
}

static void send_remove_send(uintptr_t unused)
{
    try_send(0);
    remove_all(unused);
    try_send(1);
}

static void priority_gone_cancel_setup(void)
{
    two_receive_it();
    explore_hart(2, send_remove_send, 0);
    explore_hart(3, users_cancel, 0);
}

/* One that waits has it, if anybody waits. */
static void priority_gone_cancel_quiet(void)
{
    world_quiet();
    explore_check(received + removed + two_len(&pair) == 2 && pair.channel.reserved_values == 0);
    explore_check(two_is_empty(&pair) || users_ended() == 2);
}

/* -- another value comes into the slot that remove looks at ------------------------------------------- */

static void remove_ones(uintptr_t unused)
{
    (void)unused;
    removed += two_remove_if(&pair, is_one, NULL);
}

static void receive_and_send(uintptr_t unused)
{
    try_receive(unused);
    try_send(2);
}

static void priority_reuse_setup(void)
{
    reset();
    try_send(1);
    explore_hart(2, remove_ones, 0);
    explore_hart(3, receive_and_send, 0);
}

static void priority_reuse_quiet(void)
{
    explore_check(received + removed == 1 && two_len(&pair) == 1);
}

const explore_scenario scenarios_priority[] = {
    {"priority", priority_setup, priority_quiet},
    {"priority_remove", priority_remove_setup, priority_remove_quiet},
    {"priority_gone", priority_gone_setup, priority_gone_quiet},
    {"priority_gone_cancel", priority_gone_cancel_setup, priority_gone_cancel_quiet},
    {"priority_reuse", priority_reuse_setup, priority_reuse_quiet},
    {NULL, NULL, NULL},
};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Mutex, semaphore and channel between harts: nothing is had twice, nothing is lost, and nobody waits
 * for what is there, also when who was given it is cancelled.
 *
 * Flow: main.c -> here -> world.c, sync/
 */
#include "scenarios.h"
#include "world.h"

#include <em/channel.h>
#include <em/mutex.h>
#include <em/semaphore.h>
#include <string.h>

EM_CHANNEL_TYPE(box, int, 1);

typedef struct user {
    life life;
    union {
        em_mutex_lock_future lock;
        em_semaphore_acquire_future acquire;
        box_send_future send;
        box_receive_future receive;
        em_future future;
    } op;
    bool waits;
    bool has;
    unsigned wanted;
    unsigned count; /* sent, received */
} user;

enum { SENT_BEFORE = 100 };

static user users[4];
static em_task_handle handles[4];
static em_mutex mutex;
static em_semaphore semaphore;
static box channel;
static user *owner;
static unsigned received_of[4]; /* how many of each sender, which numbers them */
static unsigned received;

/* Poll the operation of u; true: it is done, and its storage is nobody's. */
static bool is_done(user *u, em_context *cx)
{
    u->waits = !em_future_poll(&u->op.future, cx).ready;
    return !u->waits;
}

static void drop_op(user *u)
{
    if (u->waits) {
        em_future_drop(&u->op.future);
        memset(&u->op, 0xee, sizeof u->op);
        u->waits = false;
    }
}

static void start(unsigned n, em_poll (*body)(life *, em_context *), void (*drop)(life *), unsigned executor)
{
    users[n].life.body = body;
    users[n].life.on_drop = drop;
    explore_check(world_spawn_handle(n, &users[n].life, world_executor(executor), &handles[n]));
}

static void reset(void)
{
    world_reset();
    memset(users, 0, sizeof users);
    memset(&mutex, 0, sizeof mutex);
    memset(&semaphore, 0, sizeof semaphore);
    memset(&channel, 0, sizeof channel);
    memset(received_of, 0, sizeof received_of);
    owner = NULL;
    received = 0;
}

static void run_executors(unsigned count)
{
    for (unsigned h = 0; h < count; h++) {
        explore_hart(h, world_run_executor, h);
    }
}

static void cancel(uintptr_t n)
{
    em_task_cancel(handles[n]);
}

/* -- mutex ---------------------------------------------------------------------------------------- */

static void unlock(user *u)
{
    explore_check(owner == u);
    owner = NULL;
    u->has = false;
    em_mutex_unlock(&mutex);
}

/* Locks, lets others run while it holds it, unlocks, ends. */
static em_poll lock_body(life *l, em_context *cx)
{
    user *u = (user *)(void *)l;
    if (u->has) {
        unlock(u);
        return EM_READY;
    }
    if (!u->waits) {
        em_mutex_lock(&u->op.lock, &mutex);
    }
    if (!is_done(u, cx)) {
        return EM_PENDING;
    }
    explore_check(owner == NULL);
    owner = u;
    u->has = true;
    world_event(l);
    return EM_PENDING;
}

static void lock_drop(life *l)
{
    user *u = (user *)(void *)l;
    drop_op(u);
    if (u->has) {
        unlock(u);
    }
}

static void mutex_setup(void)
{
    reset();
    start(0, lock_body, lock_drop, 0);
    start(1, lock_body, lock_drop, 1);
    start(2, lock_body, lock_drop, 1);
    run_executors(2);
    explore_hart(2, cancel, 1);
}

static void mutex_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[1].life.ended && users[2].life.ended);
    explore_check(owner == NULL && !em_mutex_is_locked(&mutex));
}

/* -- semaphore ------------------------------------------------------------------------------------ */

static em_poll acquire_body(life *l, em_context *cx)
{
    user *u = (user *)(void *)l;
    if (!u->waits) {
        em_semaphore_acquire(&u->op.acquire, &semaphore, u->wanted);
    }
    u->has = is_done(u, cx);
    return u->has ? EM_READY : EM_PENDING;
}

static void op_drop(life *l)
{
    drop_op((user *)(void *)l);
}

static void release_one_by_one(uintptr_t n)
{
    while (n-- > 0) {
        em_semaphore_release(&semaphore, 1);
    }
}

static unsigned released;

/* The first in the queue wants two and is cancelled; the second wants one; so many come, one by one. */
static void release_and_cancel(unsigned permits)
{
    reset();
    released = permits;
    users[0].wanted = 2;
    users[1].wanted = 1;
    start(0, acquire_body, op_drop, 0);
    start(1, acquire_body, op_drop, 1);
    run_executors(2);
    world_settle();
    explore_hart(2, release_one_by_one, permits);
    explore_hart(3, cancel, 0);
}

static void semaphore_setup(void)
{
    release_and_cancel(2);
}

/* What comes is not enough for the first, and must not wait for a second when the first is gone. */
static void semaphore_one_setup(void)
{
    release_and_cancel(1);
}

static void semaphore_quiet(void)
{
    unsigned had = 0;
    world_quiet();
    for (unsigned n = 0; n < 2; n++) {
        had += users[n].has ? users[n].wanted : 0;
    }
    explore_check(users[0].life.ended);
    explore_check(had + em_semaphore_permits(&semaphore) == released);
    explore_check(users[1].life.ended || em_semaphore_permits(&semaphore) == 0);
}

/* -- channel -------------------------------------------------------------------------------------- */

static void take_in(int v)
{
    unsigned sender = (unsigned)v / SENT_BEFORE;
    explore_check((unsigned)v % SENT_BEFORE == received_of[sender]); /* in order, none twice, none missing */
    received_of[sender]++;
    received++;
}

/* Sends `wanted` values. */
static em_poll send_body(life *l, em_context *cx)
{
    user *u = (user *)(void *)l;
    while (u->count < u->wanted) {
        if (!u->waits) {
            box_send(&u->op.send, &channel, (int)((unsigned)(u - users) * SENT_BEFORE + u->count));
        }
        if (!is_done(u, cx)) {
            return EM_PENDING;
        }
        u->count++;
    }
    return EM_READY;
}

static em_poll receive_body(life *l, em_context *cx)
{
    user *u = (user *)(void *)l;
    while (u->count < u->wanted) {
        if (!u->waits) {
            box_receive(&u->op.receive, &channel);
        }
        if (!is_done(u, cx)) {
            return EM_PENDING;
        }
        take_in(u->op.receive.out);
        u->count++;
    }
    return EM_READY;
}

/* Two senders, one receiver, three harts, room for one value. */
static void channel_setup(void)
{
    reset();
    users[0].wanted = 2;
    users[1].wanted = 1;
    users[2].wanted = 3;
    start(0, send_body, op_drop, 0);
    start(1, send_body, op_drop, 1);
    start(2, receive_body, op_drop, 2);
    run_executors(3);
}

static void channel_quiet(void)
{
    world_quiet();
    explore_check(received_of[0] == 2 && received_of[1] == 1);
    explore_check(box_is_empty(&channel));
}

static void try_receive(uintptr_t times)
{
    int v;
    while (times-- > 0) {
        if (box_try_receive(&channel, &v) == EM_OK) {
            take_in(v);
        }
    }
}

static void try_send(uintptr_t sender)
{
    explore_check(box_try_send(&channel, (int)sender * SENT_BEFORE) == EM_OK);
}

/* Both senders wait; one value is taken out, and who is given its place is cancelled. */
static void send_cancel_setup(void)
{
    reset();
    users[0].wanted = 1;
    users[1].wanted = 1;
    start(0, send_body, op_drop, 0);
    start(1, send_body, op_drop, 1);
    explore_check(box_try_send(&channel, 3 * SENT_BEFORE) == EM_OK);
    run_executors(2);
    world_settle();
    explore_hart(2, try_receive, 1);
    explore_hart(3, cancel, 0);
}

static void send_cancel_quiet(void)
{
    world_quiet();
    explore_check(received == 1 && received_of[3] == 1);
    explore_check(users[0].count + users[1].count == 1 && box_len(&channel) == 1);
}

/* Both receivers wait; one value comes, and who is given it is cancelled. */
static void receive_cancel_setup(void)
{
    reset();
    users[0].wanted = 1;
    users[1].wanted = 1;
    start(0, receive_body, op_drop, 0);
    start(1, receive_body, op_drop, 1);
    run_executors(2);
    world_settle();
    explore_hart(2, try_send, 3);
    explore_hart(3, cancel, 0);
}

static void receive_cancel_quiet(void)
{
    world_quiet();
    explore_check(received == 1 && box_is_empty(&channel));
}

const explore_scenario scenarios_sync[] = {
    {"mutex", mutex_setup, mutex_quiet},
    {"semaphore", semaphore_setup, semaphore_quiet},
    {"semaphore_one", semaphore_one_setup, semaphore_quiet},
    {"channel", channel_setup, channel_quiet},
    {"send_cancel", send_cancel_setup, send_cancel_quiet},
    {"receive_cancel", receive_cancel_setup, receive_cancel_quiet},
    {NULL, NULL, NULL},
};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The read/write lock between harts: a writer is alone, who comes later is not let in earlier, and
 * nobody waits for a free lock, also when who was given it is cancelled.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/rwlock.h>
#include <string.h>

static em_rwlock rw;
static em_rwlock_read_future ops[USERS];
static unsigned reading;
static unsigned writing;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&rw, 0, sizeof rw);
    reading = 0;
    writing = 0;
}

static void come_in(user *u, unsigned *side)
{
    u->has = true;
    u->count++;
    ++*side;
    explore_check(writing == 0 || (writing == 1 && reading == 0));
}

static void stop_reading(user *u)
{
    if (u->has) {
        u->has = false;
        reading--;
        em_rwlock_unlock_read(&rw);
    }
}

static void stop_writing(user *u)
{
    if (u->has) {
        u->has = false;
        writing--;
        em_rwlock_unlock_write(&rw);
    }
}

/* Comes in, lets others run while it is inside, leaves, ends. */
static em_poll read_body(user *u, em_context *cx)
{
    if (u->has) {
        stop_reading(u);
        return EM_READY;
    }
    if (!u->op) {
        u->op = &em_rwlock_read(&ops[u->number], &rw)->future;
        u->give_back = stop_reading;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    come_in(u, &reading);
    return users_yield(u);
}

static em_poll write_body(user *u, em_context *cx)
{
    if (u->has) {
        stop_writing(u);
        return EM_READY;
    }
    if (!u->op) {
        u->op = &em_rwlock_write(&ops[u->number], &rw)->future;
        u->give_back = stop_writing;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    come_in(u, &writing);
    return users_yield(u);
}

/* Goes on as a reader in between. */
static em_poll downgrade_body(user *u, em_context *cx)
{
    if (u->has && u->give_back == stop_writing) {
        u->give_back = stop_reading;
        writing--;
        reading++;
        em_rwlock_downgrade(&rw);
        explore_check(writing == 0);
        return users_yield(u);
    }
    if (u->has) {
        explore_check(writing == 0);
        stop_reading(u);
        return EM_READY;
    }
    return write_body(u, cx);
}

static void all_went_through(void)
{
    world_quiet();
    explore_check(reading == 0 && writing == 0 && !em_rwlock_is_locked(&rw));
    explore_check(rw.waiters.first == NULL);
}

static void rwlock_setup(void)
{
    reset();
    users_start(0, write_body, 0);
    users_start(1, read_body, 1);
    users_start(2, write_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 2);
}

static void rwlock_quiet(void)
{
    all_went_through();
    explore_check(users_ended() == 3);
}

static void rwlock_downgrade_setup(void)
{
    reset();
    users_start(0, downgrade_body, 0);
    users_start(1, write_body, 1);
    users_start(2, read_body, 1);
    users_run(2);
}

static void unlock_read(uintptr_t unused)
{
    (void)unused;
    reading--;
    em_rwlock_unlock_read(&rw);
}

/* Somebody reads; a writer waits, and a reader behind it. */
static void with_a_queue(void)
{
    reset();
    explore_check(em_rwlock_try_read(&rw) == EM_OK);
    reading++;
    users_start(0, write_body, 0);
    users_run(2);
    world_settle();
    users_start(1, read_body, 1);
    world_settle();
    explore_check(users[0].op && users[1].op);
}

/* The writer gives up, whether it was handed the lock or not. */
static void rwlock_cancel_setup(void)
{
    with_a_queue();
    explore_hart(2, unlock_read, 0);
    explore_hart(3, users_cancel, 0);
}

static void rwlock_cancel_quiet(void)
{
    all_went_through();
    explore_check(users[0].life.ended && users[1].count == 1);
}

/* The writer gives up while the reader inside stays there. */
static void rwlock_give_up_setup(void)
{
    with_a_queue();
    explore_hart(3, users_cancel, 0);
}

static void rwlock_give_up_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[1].life.ended && users[1].count == 1);
    explore_check(em_rwlock_readers(&rw) == 1);
}

/* Comes after the writer, and so must find it done, or cancelled. */
static em_poll read_later_body(user *u, em_context *cx)
{
    em_poll p = read_body(u, cx);
    explore_check(!u->has || users[0].count == 1);
    return p;
}

static void try_read(uintptr_t unused)
{
    (void)unused;
    if (em_rwlock_try_read(&rw) == EM_OK) {
        explore_check(users[0].count == 1);
        em_rwlock_unlock_read(&rw);
    }
}

/* Somebody reads and a writer waits: no reader that comes later is let in before it. */
static void rwlock_order_setup(void)
{
    reset();
    explore_check(em_rwlock_try_read(&rw) == EM_OK);
    reading++;
    users_start(0, write_body, 0);
    world_settle();
    users_start(1, read_later_body, 1);
    users_run(2);
    explore_hart(2, unlock_read, 0);
    explore_hart(3, try_read, 0);
}

static void rwlock_order_quiet(void)
{
    all_went_through();
    explore_check(users_ended() == 2);
}

/* Reads until the end. */
static em_poll stay_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_rwlock_read(&ops[u->number], &rw)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    come_in(u, &reading);
    return EM_READY;
}

static void unlock_write(uintptr_t unused)
{
    (void)unused;
    em_rwlock_unlock_write(&rw);
}

/* Two readers wait for a writer: both come in when it leaves, though nobody leaves after it. */
static void rwlock_batch_setup(void)
{
    reset();
    explore_check(em_rwlock_try_write(&rw) == EM_OK);
    users_start(0, stay_body, 0);
    users_start(1, stay_body, 1);
    users_run(2);
    explore_hart(2, unlock_write, 0);
}

static void rwlock_batch_quiet(void)
{
    world_quiet();
    explore_check(reading == 2 && em_rwlock_readers(&rw) == 2);
}

const explore_scenario scenarios_rwlock[] = {
    {"rwlock", rwlock_setup, rwlock_quiet},
    {"rwlock_downgrade", rwlock_downgrade_setup, rwlock_quiet},
    {"rwlock_cancel", rwlock_cancel_setup, rwlock_cancel_quiet},
    {"rwlock_give_up", rwlock_give_up_setup, rwlock_give_up_quiet},
    {"rwlock_batch", rwlock_batch_setup, rwlock_batch_quiet},
    {"rwlock_order", rwlock_order_setup, rwlock_order_quiet},
    {NULL, NULL, NULL},
};

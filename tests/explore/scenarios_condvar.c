/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The condition variable between harts: the mutex is held where it must be, and nobody waits while there
 * is what it was notified of, also when who was notified is cancelled.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/condvar.h>
#include <string.h>

enum { LOCK, LOOK, WAIT, INSIDE };

typedef union op {
    em_mutex_lock_future lock;
    em_condvar_wait_future wait;
} op;

static em_condvar cv;
static em_mutex mutex;
static op ops[USERS];
static user *owner;
static unsigned items;
static unsigned taken;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&cv, 0, sizeof cv);
    memset(&mutex, 0, sizeof mutex);
    owner = NULL;
    items = 0;
    taken = 0;
}

static void unlock(user *u)
{
    if (u->has) {
        explore_check(owner == u);
        owner = NULL;
        u->has = false;
        em_mutex_unlock(&mutex);
    }
}

static void own(user *u)
{
    explore_check(owner == NULL && em_mutex_is_locked(&mutex));
    owner = u;
    u->has = true;
}

/* Holding the mutex: what to do next. A wait is begun after others could run. */
static em_poll look(user *u, unsigned wanted)
{
    if (items < wanted) {
        owner = NULL;
        u->has = false; /* the wait has it */
        u->op = &em_condvar_wait(&ops[u->number].wait, &cv, &mutex)->future;
        u->step = WAIT;
        return users_yield(u);
    }
    items -= wanted;
    taken += wanted;
    u->count += wanted;
    unlock(u);
    return EM_READY;
}

/* Waits until there is so much, takes it, ends. */
static em_poll take(user *u, em_context *cx, unsigned wanted)
{
    if (u->step == LOCK) {
        u->give_back = unlock;
        u->op = &em_mutex_lock(&ops[u->number].lock, &mutex)->future;
        u->step = LOOK;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    own(u);
    return look(u, wanted);
}

static em_poll take_body(user *u, em_context *cx)
{
    return take(u, cx, 1);
}

static em_poll pass_body(user *u, em_context *cx)
{
    return take(u, cx, 0);
}

/* Puts one in, with the mutex held, and lets others run before it unlocks. */
static em_poll put_body(user *u, em_context *cx)
{
    if (u->step == LOCK) {
        u->give_back = unlock;
        u->op = &em_mutex_lock(&ops[u->number].lock, &mutex)->future;
        u->step = INSIDE;
    }
    if (u->op) {
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        own(u);
        items++;
        em_condvar_notify_one(&cv);
        return users_yield(u);
    }
    unlock(u);
    return EM_READY;
}

static void quiet(void)
{
    world_quiet();
    explore_check(owner == NULL && !em_mutex_is_locked(&mutex));
}

/* Two wait or come to wait, one puts one in: one of the two has it. */
static void condvar_setup(void)
{
    reset();
    users_start(0, take_body, 0);
    users_start(1, put_body, 1);
    users_run(2);
}

static void condvar_quiet(void)
{
    quiet();
    explore_check(users_ended() == 2 && taken == 1 && items == 0);
}

/* Two wait; one is put in; the first that waits is cancelled: the other has it, unless the first had. */
static void condvar_cancel_setup(void)
{
    reset();
    users_start(0, take_body, 0);
    world_settle();
    users_start(1, take_body, 0);
    world_settle();
    explore_check(users[0].step == WAIT && users[1].step == WAIT);
    users_start(2, put_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 0);
}

static void condvar_cancel_quiet(void)
{
    quiet();
    explore_check(users[0].life.ended && users[2].life.ended);
    explore_check(taken == 1 && items == 0 && users[0].count + users[1].count == 1);
}

/* One is cancelled around its first wait, which has the mutex; another wants only that. */
static void condvar_begin_cancel_setup(void)
{
    reset();
    users_start(0, take_body, 0);
    users_start(1, pass_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 0);
}

static void condvar_begin_cancel_quiet(void)
{
    quiet();
    explore_check(users_ended() == 2);
}

/* Waits for whatever, locks, unlocks, ends. */
static em_poll notified_body(user *u, em_context *cx)
{
    if (u->step == LOCK) {
        explore_check(em_mutex_try_lock(&mutex) == EM_OK);
        u->give_back = unlock;
        u->op = &em_condvar_wait(&ops[u->number].wait, &cv, &mutex)->future;
        u->step = WAIT;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    own(u);
    unlock(u);
    return EM_READY;
}

static void some_wait(unsigned count, unsigned harts)
{
    reset();
    for (unsigned n = 0; n < count; n++) {
        users_start(n, notified_body, n % harts);
        world_settle();
    }
    users_run(harts);
}

static void notify_one(uintptr_t unused)
{
    (void)unused;
    em_condvar_notify_one(&cv);
}

static void notify_all(uintptr_t unused)
{
    (void)unused;
    em_condvar_notify_all(&cv);
}

static void condvar_all_setup(void)
{
    some_wait(3, 2);
    explore_hart(2, notify_all, 0);
}

static void condvar_all_quiet(void)
{
    quiet();
    explore_check(users_ended() == 3);
}

/* Two notifications, for the two that wait longest of three. */
static void condvar_two_setup(void)
{
    some_wait(3, 1);
    explore_hart(2, notify_one, 0);
    explore_hart(3, notify_one, 0);
}

static void condvar_two_quiet(void)
{
    quiet();
    explore_check(users[0].life.ended && users[1].life.ended && !users[2].life.ended);
    explore_check(users[2].life.polls == 1);
}

/* Comes while the others are being notified; then there must be a notification for it as well. */
static em_poll late_body(user *u, em_context *cx)
{
    if (u->step == LOCK) {
        if (cv.epoch == 0 || em_mutex_try_lock(&mutex) != EM_OK) {
            u->count = 1; /* too early, or the mutex is in use: not this time */
            return EM_READY;
        }
        u->give_back = unlock;
        u->op = &em_condvar_wait(&ops[u->number].wait, &cv, &mutex)->future;
        u->step = WAIT;
        em_poll p = notified_body(u, cx);
        em_condvar_notify_one(&cv);
        return p;
    }
    return notified_body(u, cx);
}

static void condvar_late_setup(void)
{
    some_wait(2, 1);
    users_start(2, late_body, 1);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, notify_all, 0);
}

static void condvar_late_quiet(void)
{
    quiet();
    explore_check(users_ended() == 3);
}

const explore_scenario scenarios_condvar[] = {
    {"condvar", condvar_setup, condvar_quiet},
    {"condvar_cancel", condvar_cancel_setup, condvar_cancel_quiet},
    {"condvar_begin", condvar_begin_cancel_setup, condvar_begin_cancel_quiet},
    {"condvar_all", condvar_all_setup, condvar_all_quiet},
    {"condvar_two", condvar_two_setup, condvar_two_quiet},
    {"condvar_late", condvar_late_setup, condvar_late_quiet},
    {NULL, NULL, NULL},
};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Mutexes with priority inheritance between harts: who has one while others wait has the highest of their priorities;
 * who has none has its own.
 *
 * Flow: main.c -> here -> users.c, sync/pi_mutex.c
 */
#include "scenarios.h"
#include "users.h"

#include <em/pi_mutex.h>
#include <string.h>

static em_pi_mutex mutexes[2];
static em_pi_mutex_lock_future ops[USERS];
static em_task_handle handles[USERS];
static uint8_t own[USERS] = {1, 3, 6, 4};
static unsigned inside;

/* Its first poll. */
static void come(user *u)
{
    em_task *t = em_running_task();
    handles[u->number] = (em_task_handle){t, t->generation};
    em_set_priority(own[u->number]);
}

static void unlock(user *u)
{
    if (u->has) {
        u->has = false;
        inside--;
        em_pi_mutex_unlock(&mutexes[0]);
        explore_check(em_task_priority(handles[u->number]) == own[u->number]);
    }
}

/* Locks, lets others run, unlocks, ends. */
static em_poll use_body(user *u, em_context *cx)
{
    if (u->has) {
        unlock(u);
        return EM_READY;
    }
    if (!u->op) {
        come(u);
        u->op = &em_pi_mutex_lock(&ops[u->number], &mutexes[0])->future;
        u->give_back = unlock;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    explore_check(++inside == 1);
    u->has = true;
    return users_yield(u);
}

/* Has mutex 0 for ever. */
static em_poll keep_body(user *u, em_context *cx)
{
    (void)cx;
    come(u);
    explore_check(em_pi_mutex_try_lock(&mutexes[0]) == EM_OK);
    return EM_PENDING;
}

/* Has mutex 1, and waits for mutex 0. */
static em_poll link_body(user *u, em_context *cx)
{
    if (!u->op) {
        come(u);
        explore_check(em_pi_mutex_try_lock(&mutexes[1]) == EM_OK);
        u->op = &em_pi_mutex_lock(&ops[u->number], &mutexes[0])->future;
    }
    explore_check(!users_await(u, cx));
    return EM_PENDING;
}

/* Waits for mutex u->step. */
static em_poll wait_body(user *u, em_context *cx)
{
    if (!u->op) {
        come(u);
        u->op = &em_pi_mutex_lock(&ops[u->number], &mutexes[u->step])->future;
    }
    explore_check(!users_await(u, cx));
    return EM_PENDING;
}

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(handles, 0, sizeof handles);
    inside = 0;
    for (unsigned m = 0; m < 2; m++) {
        while (em_pi_mutex_is_locked(&mutexes[m])) { /* of the schedule before, whose tasks are no more */
            mutexes[m].waiters.first = NULL;
            em_pi_mutex_unlock(&mutexes[m]);
        }
        mutexes[m] = (em_pi_mutex){0};
    }
}

static void use_setup(void)
{
    reset();
    users_start(0, use_body, 0);
    users_start(1, use_body, 1);
    users_start(2, use_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 1);
}

static void use_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 3 && inside == 0 && !em_pi_mutex_is_locked(&mutexes[0]));
}

/* One keeps it; of two that wait, the higher is cancelled. */
static void withdraw_setup(void)
{
    reset();
    users_start(0, keep_body, 0);
    world_settle();
    users_start(1, wait_body, 0);
    users_start(2, wait_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 2);
}

static void withdraw_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 1 && em_task_priority(handles[0]) == own[1]);
}

/* 2 waits for 3, which waits for 0, while 1 comes and goes. */
static void chain_setup(void)
{
    reset();
    users_start(0, keep_body, 0);
    users_start(3, link_body, 0);
    world_settle();
    users_start(1, wait_body, 0);
    users_start(2, wait_body, 1);
    users[2].step = 1;
    users_run(2);
    explore_hart(2, users_cancel, 1);
}

static void chain_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 1 && em_task_priority(handles[3]) == own[2]);
    explore_check(em_task_priority(handles[0]) == own[2]);
}

const explore_scenario scenarios_pi_mutex[] = {
    {"pi_use", use_setup, use_quiet},
    {"pi_withdraw", withdraw_setup, withdraw_quiet},
    {"pi_chain", chain_setup, chain_quiet},
    {NULL, NULL, NULL},
};

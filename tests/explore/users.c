/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Users.
 *
 * Flow: scenarios_*.c -> here -> world.c
 */
#include "users.h"

#include <string.h>

user users[USERS];
static em_task_handle handles[USERS];
static em_poll (*bodies[USERS])(user *u, em_context *cx);

static em_poll user_body(life *l, em_context *cx)
{
    user *u = (user *)(void *)l;
    return bodies[u->number](u, cx);
}

static void user_drop(life *l)
{
    user *u = (user *)(void *)l;
    if (u->op) {
        em_future_drop(u->op);
        memset(u->storage, 0xee, u->bytes);
        u->op = NULL;
    }
    if (u->give_back) {
        u->give_back(u);
    }
}

void users_reset(void *storage, size_t bytes)
{
    world_reset();
    memset(users, 0, sizeof users);
    memset(storage, 0, bytes * USERS);
    for (unsigned n = 0; n < USERS; n++) {
        users[n].number = n;
        users[n].storage = (char *)storage + n * bytes;
        users[n].bytes = bytes;
    }
}

void users_start(unsigned n, em_poll (*body)(user *u, em_context *cx), unsigned hart)
{
    bodies[n] = body;
    users[n].life.body = user_body;
    users[n].life.on_drop = user_drop;
    explore_check(world_spawn_handle(n, &users[n].life, world_executor(hart), &handles[n]));
}

bool users_await(user *u, em_context *cx)
{
    if (!em_future_poll(u->op, cx).ready) {
        return false;
    }
    u->op = NULL;
    return true;
}

em_poll users_yield(user *u)
{
    world_event(&u->life);
    return EM_PENDING;
}

void users_run(unsigned count)
{
    for (unsigned h = 0; h < count; h++) {
        explore_hart(h, world_run_executor, h);
    }
}

void users_cancel(uintptr_t n)
{
    em_task_cancel(handles[n]);
}

unsigned users_ended(void)
{
    unsigned ended = 0;
    for (unsigned n = 0; n < USERS; n++) {
        ended += users[n].life.ended;
    }
    return ended;
}

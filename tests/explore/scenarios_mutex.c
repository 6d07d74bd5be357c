/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A value in its mutex, between harts, and tries from one that cannot wait: it is whole for whoever has it.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/mutex.h>
#include <string.h>

typedef struct pair {
    unsigned a, b;
} pair;

EM_MUTEX_TYPE(shared, pair);

static shared s;
static shared_lock_future ops[USERS];
static pair *had_by[USERS];

static void write_half(pair *p)
{
    explore_check(p->a == p->b);
    p->a++;
}

static void unlock(user *u)
{
    pair *p = had_by[u->number];
    if (p) {
        had_by[u->number] = NULL;
        p->b = p->a;
        shared_unlock(p);
    }
}

/* Locks, writes one half, lets others run, writes the other, unlocks, ends. */
static em_poll write_body(user *u, em_context *cx)
{
    if (had_by[u->number]) {
        unlock(u);
        return EM_READY;
    }
    if (!u->op) {
        u->op = &shared_lock(&ops[u->number], &s)->future;
        u->give_back = unlock;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    had_by[u->number] = ops[u->number].out;
    write_half(had_by[u->number]);
    return users_yield(u);
}

static void try_write(uintptr_t unused)
{
    pair *p;
    (void)unused;
    if (shared_try_lock(&s, &p) == EM_OK) {
        write_half(p);
        explore_point("half written");
        p->b = p->a;
        shared_unlock(p);
    }
}

static void setup(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&s, 0, sizeof s);
    memset(had_by, 0, sizeof had_by);
    users_start(0, write_body, 0);
    users_start(1, write_body, 1);
    users_run(2);
    explore_hart(2, try_write, 0);
    explore_hart(3, users_cancel, 1);
}

static void quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && !shared_is_locked(&s) && s.value.a == s.value.b);
}

const explore_scenario scenarios_mutex[] = {
    {"mutex_typed", setup, quiet},
    {NULL, NULL, NULL},
};

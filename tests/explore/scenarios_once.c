/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A cell that is set once, between harts: one value, whole, for all; made by one; nobody sleeps on, nobody spins.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/once.h>
#include <string.h>

typedef struct pair {
    unsigned a, b;
} pair;

EM_ONCE_TYPE(cell, pair);

static cell c;
static union {
    cell_get_future get;
    cell_get_or_init_future get_or_init;
} ops[USERS];
static unsigned inits; /* that were not refused, and made by whom last */
static unsigned winner;
static unsigned makers;
static unsigned takes;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&c, 0, sizeof c);
    inits = 0;
    winner = 0;
    makers = 0;
    takes = 0;
}

static pair pair_of(unsigned n)
{
    return (pair){n, n + 1000};
}

static void look(const pair *p)
{
    explore_check(p->a != 0 && p->b == p->a + 1000);
}

static void make(pair *value, void *arg)
{
    explore_check(++makers == 1);
    value->a = 50;
    explore_point("made half of it");
    value->b = 1050;
    makers--;
    inits++;
    (void)arg;
}

static em_poll get_body(user *u, em_context *cx)
{
    explore_check(u->life.polls <= 2 + takes);
    if (!u->op) {
        u->op = &cell_get(&ops[u->number].get, &c)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    look(ops[u->number].get.out);
    u->count++;
    return EM_READY;
}

static em_poll get_or_init_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &cell_get_or_init(&ops[u->number].get_or_init, &c, make, NULL)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    explore_check(ops[u->number].get_or_init.out == &c.value);
    u->count++;
    return EM_READY;
}

static void init(uintptr_t n)
{
    pair *p;
    if (cell_init(&c, pair_of((unsigned)n)) == EM_OK) {
        inits++;
        winner = (unsigned)n;
    }
    if (cell_try_get(&c, &p) == EM_OK) {
        look(p);
    }
}

static void quiet(void)
{
    world_quiet();
    explore_check(c.once.waiters.first == NULL && inits == 1 && cell_is_set(&c));
    look(&c.value);
}

/* Two wait or come to wait; two set it. */
static void once_setup(void)
{
    reset();
    users_start(0, get_body, 0);
    users_start(1, get_body, 0);
    users_run(1);
    explore_hart(2, init, 7);
    explore_hart(3, init, 8);
}

static void once_quiet(void)
{
    quiet();
    explore_check(users_ended() == 2 && c.value.a == winner);
}

/* Three want it, whoever makes it. */
static void once_make_setup(void)
{
    reset();
    users_start(0, get_or_init_body, 0);
    users_start(1, get_or_init_body, 1);
    users_start(2, get_body, 1);
    users_run(2);
}

static void once_make_quiet(void)
{
    quiet();
    explore_check(users_ended() == 3);
}

/* One of those who wait is cancelled while it is set. */
static void once_cancel_setup(void)
{
    reset();
    users_start(0, get_body, 0);
    world_settle();
    users_start(1, get_body, 0);
    world_settle();
    users_run(1);
    explore_hart(2, init, 7);
    explore_hart(3, users_cancel, 0);
}

static void once_cancel_quiet(void)
{
    quiet();
    explore_check(users_ended() == 2 && users[1].count == 1);
}

static void take(uintptr_t unused)
{
    pair p;
    (void)unused;
    if (cell_take(&c, &p) == EM_OK) {
        takes++;
        look(&p);
    }
}

/* It is taken out while others learn that it is there: they make it again. */
static void once_take_setup(void)
{
    reset();
    users_start(0, get_or_init_body, 0);
    users_start(1, get_or_init_body, 1);
    users_start(2, get_or_init_body, 1);
    users_run(2);
    explore_hart(3, take, 0);
}

static void once_take_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 3 && c.once.waiters.first == NULL);
    explore_check(inits == takes + cell_is_set(&c));
}

const explore_scenario scenarios_once[] = {
    {"once", once_setup, once_quiet},
    {"once_make", once_make_setup, once_make_quiet},
    {"once_cancel", once_cancel_setup, once_cancel_quiet},
    {"once_take", once_take_setup, once_take_quiet},
    {NULL, NULL, NULL},
};

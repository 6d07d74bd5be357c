/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Multi-wakers between harts: whoever waits when something has happened looks for it.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/multi_waker.h>
#include <string.h>

static em_multi_waker m;
static em_multi_waker_wait_future ops[USERS];
static int32_t events;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&m, 0, sizeof m);
    events = 0;
}

static bool enough(void *count)
{
    return em_atomic_load(&events) >= (int32_t)(intptr_t)count;
}

/* Ends when so many events as its step have come; looks at first, and once for each. */
static em_poll wait_body(user *u, em_context *cx)
{
    explore_check(u->life.polls <= 1 + u->step);
    if (!u->op) {
        u->op = &em_multi_waker_wait(&ops[u->number], &m, enough, (void *)(intptr_t)u->step)->future;
    }
    return users_await(u, cx) ? EM_READY : EM_PENDING;
}

/* The next wake, whatever came. */
static em_poll next_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_multi_waker_next(&ops[u->number], &m)->future;
    }
    return users_await(u, cx) ? EM_READY : EM_PENDING;
}

static void start(unsigned n, unsigned step, unsigned hart)
{
    users[n].step = step;
    users_start(n, wait_body, hart);
}

static void event(uintptr_t unused)
{
    (void)unused;
    em_atomic_add(&events, 1);
    em_multi_waker_wake(&m);
}

/* Two events, one in an interrupt of a hart that waits. */
static void multi_waker_setup(void)
{
    reset();
    start(0, 2, 0);
    start(1, 2, 0);
    users_run(1);
    explore_hart(2, event, 0);
    explore_interrupt(0, 0, event, 0, 1);
}

static void multi_waker_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[1].life.ended && m.waiters.waiters.first == NULL);
}

/* Three wait; the first is cancelled. */
static void multi_waker_cancel_setup(void)
{
    reset();
    for (unsigned n = 0; n < 2; n++) {
        start(n, 1, 0);
        world_settle();
    }
    users_start(2, next_body, 0);
    world_settle();
    users_run(1);
    explore_hart(1, event, 0);
    explore_hart(3, users_cancel, 0);
}

static void multi_waker_cancel_quiet(void)
{
    multi_waker_quiet();
    explore_check(users[2].life.ended);
}

const explore_scenario scenarios_multi_waker[] = {
    {"multi_waker", multi_waker_setup, multi_waker_quiet},
    {"multi_waker_cancel", multi_waker_cancel_setup, multi_waker_cancel_quiet},
    {NULL, NULL, NULL},
};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Semaphores between harts: acquiring all, setting, and the greedy one, whose releases look at all that wait.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/greedy_semaphore.h>
#include <em/semaphore.h>
#include <string.h>

static em_greedy_semaphore greedy;
static em_semaphore fair;
static union {
    em_greedy_semaphore_acquire_future greedy;
    em_semaphore_acquire_future fair;
} ops[USERS];
static uint32_t wanted[USERS];
static uint32_t added;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&greedy, 0, sizeof greedy);
    memset(&fair, 0, sizeof fair);
    added = 0;
}

static em_poll greedy_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_greedy_semaphore_acquire(&ops[u->number].greedy, &greedy, wanted[u->number])->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count = ops[u->number].greedy.out;
    explore_check(u->count == wanted[u->number]);
    return EM_READY;
}

static em_poll all_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_semaphore_acquire_all(&ops[u->number].fair, &fair, wanted[u->number])->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count = ops[u->number].fair.out;
    explore_check(u->count >= wanted[u->number]);
    return EM_READY;
}

static void start(unsigned n, em_poll (*body)(user *u, em_context *cx), uint32_t n_wanted, unsigned hart)
{
    wanted[n] = n_wanted;
    users_start(n, body, hart);
}

static void release_greedy(uintptr_t n)
{
    added += (uint32_t)n;
    em_greedy_semaphore_release(&greedy, (uint32_t)n);
}

static void release_fair(uintptr_t n)
{
    added += (uint32_t)n;
    em_semaphore_release(&fair, (uint32_t)n);
}

static void set_fair(uintptr_t n)
{
    em_semaphore_set(&fair, (uint32_t)n);
}

static uint32_t had(void)
{
    uint32_t sum = 0;
    for (unsigned n = 0; n < USERS; n++) {
        sum += users[n].count;
    }
    return sum;
}

/* Nobody waits for what is there. */
static void greedy_quiet(void)
{
    world_quiet();
    explore_check(had() + em_greedy_semaphore_permits(&greedy) == added);
    for (unsigned n = 0; n < USERS; n++) {
        explore_check(!users[n].op || wanted[n] > em_greedy_semaphore_permits(&greedy));
    }
    explore_check(!em_wait_scan_busy(&greedy.waiters));
}

/* Two harts release, so that each alone is enough for one of those who wait, and one comes. */
static void greedy_setup(void)
{
    reset();
    start(0, greedy_body, 2, 0);
    world_settle();
    start(1, greedy_body, 1, 0);
    start(2, greedy_body, 3, 0);
    users_run(1);
    explore_hart(2, release_greedy, 1);
    explore_hart(3, release_greedy, 2);
}

/* Who was given two is cancelled: two that want one each wait behind one that wants three. */
static void greedy_cancel_setup(void)
{
    reset();
    start(0, greedy_body, 2, 0);
    start(1, greedy_body, 3, 1);
    world_settle();
    start(2, greedy_body, 1, 1);
    world_settle();
    users_run(2);
    explore_hart(2, release_greedy, 2);
    explore_hart(3, users_cancel, 0);
}

static void wake(uintptr_t n)
{
    world_event(&users[n].life);
}

/* Polled for nothing while a release is on its way to it: it takes them itself, and waits no more. */
static void greedy_early_setup(void)
{
    reset();
    start(0, greedy_body, 5, 0);
    world_settle();
    start(1, greedy_body, 1, 1);
    world_settle();
    users_run(2);
    explore_hart(2, release_greedy, 1);
    explore_hart(3, wake, 1);
}

static void greedy_early_quiet(void)
{
    greedy_quiet();
    explore_check(users[1].count == 1 && greedy.waiters.waiters.first == &ops[0].greedy.node);
    explore_check(ops[0].greedy.node.next == &ops[0].greedy.node);
}

/* Who takes all is cancelled, before or after it was given more than it asked for. */
static void all_cancel_setup(void)
{
    reset();
    start(0, all_body, 1, 0);
    world_settle();
    start(1, all_body, 2, 0);
    world_settle();
    users_run(1);
    explore_hart(2, release_fair, 3);
    explore_hart(3, users_cancel, 0);
}

static void all_cancel_quiet(void)
{
    world_quiet();
    explore_check(had() + em_semaphore_permits(&fair) == added);
    explore_check(users[0].count == 3 || users[1].count == 3);
}

/* Set serves those who wait, in order: who takes whatever there is does not overtake. */
static void set_setup(void)
{
    reset();
    fair.permits = 1;
    start(0, all_body, 2, 0);
    world_settle();
    start(1, all_body, 0, 1);
    users_run(2);
    explore_hart(2, set_fair, 3);
}

static void set_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && users[0].count == 3 && users[1].count == 0);
}

const explore_scenario scenarios_greedy[] = {
    {"greedy", greedy_setup, greedy_quiet},
    {"greedy_cancel", greedy_cancel_setup, greedy_quiet},
    {"greedy_early", greedy_early_setup, greedy_early_quiet},
    {"acquire_all_cancel", all_cancel_setup, all_cancel_quiet},
    {"semaphore_set", set_setup, set_quiet},
    {NULL, NULL, NULL},
};

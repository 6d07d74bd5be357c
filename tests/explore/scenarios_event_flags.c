/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Event flags between harts: sets that interrupt each other's look at those who wait, newcomers during a
 * look, and takes that are cancelled.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/event_flags.h>
#include <string.h>

static em_event_flags flags;
static em_event_flags_wait_future ops[USERS];
static uint32_t wanted[USERS];

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&flags, 0, sizeof flags);
}

static em_poll finish(user *u, em_context *cx)
{
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    explore_check(ops[u->number].out == wanted[u->number]);
    u->count++;
    return EM_READY;
}

static em_poll take_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_event_flags_take_any(&ops[u->number], &flags, wanted[u->number])->future;
    }
    return finish(u, cx);
}

static em_poll wait_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_event_flags_wait_all(&ops[u->number], &flags, wanted[u->number])->future;
    }
    return finish(u, cx);
}

static void start(unsigned n, em_poll (*body)(user *u, em_context *cx), uint32_t flags_wanted, unsigned hart)
{
    wanted[n] = flags_wanted;
    users_start(n, body, hart);
}

static void set(uintptr_t which)
{
    em_event_flags_set(&flags, (uint32_t)which);
}

static void set_then_clear(uintptr_t which)
{
    em_event_flags_set(&flags, (uint32_t)which);
    em_event_flags_clear(&flags, (uint32_t)which);
}

/* Two harts set one flag each; who waits for the second is looked at first. */
static void flags_setup(void)
{
    reset();
    start(0, take_body, 2, 0);
    world_settle();
    start(1, take_body, 1, 0);
    world_settle();
    start(2, wait_body, 4, 0);
    users_run(1);
    explore_hart(2, set, 1 | 4);
    explore_hart(3, set, 2);
}

static void flags_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 3 && em_event_flags_get(&flags) == 4);
    explore_check(flags.waiters.waiters.first == NULL && !em_wait_scan_busy(&flags.waiters));
}

/* One flag comes while somebody who wants it waits behind one who does not; a newcomer wants it as well. */
static void flags_order_setup(void)
{
    reset();
    start(0, take_body, 2, 0);
    world_settle();
    start(1, take_body, 1, 0);
    world_settle();
    start(2, take_body, 1, 1);
    users_run(2);
    explore_hart(2, set, 1);
}

static void flags_order_quiet(void)
{
    world_quiet();
    explore_check(users[0].count == 0 && users[1].count == 1 && users[2].count == 0);
    explore_check(em_event_flags_get(&flags) == 0);
}

/* The same, and the newcomer is an ISR or another hart that tries. */
static void try_take(uintptr_t which)
{
    uint32_t out;
    explore_check(em_event_flags_try_take_any(&flags, (uint32_t)which, &out) == EM_ERR_AGAIN);
}

static void flags_try_setup(void)
{
    reset();
    start(0, take_body, 2, 0);
    world_settle();
    start(1, take_body, 1, 0);
    world_settle();
    users_run(1);
    explore_hart(2, set, 1);
    explore_hart(3, try_take, 1);
}

/* One flag, two that want it, the first of them is cancelled: the second has it, unless the first had. */
static void flags_cancel_setup(void)
{
    reset();
    start(0, take_body, 1, 0);
    world_settle();
    start(1, take_body, 1, 1);
    world_settle();
    users_run(2);
    explore_hart(2, set, 1);
    explore_hart(3, users_cancel, 0);
}

static void flags_cancel_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[0].count + users[1].count == 1);
    explore_check(em_event_flags_get(&flags) == 0);
}

/* Who leaves while it is to be looked at must not end the look. */
static void flags_leave_setup(void)
{
    reset();
    start(0, take_body, 2, 0);
    world_settle();
    start(1, take_body, 4, 1);
    world_settle();
    start(2, take_body, 1, 0);
    world_settle();
    users_run(2);
    explore_hart(2, set, 1);
    explore_hart(3, users_cancel, 1);
}

static void flags_leave_quiet(void)
{
    world_quiet();
    explore_check(users[1].life.ended && users[2].count == 1 && users[0].count == 0);
}

/* A flag that is set only for a moment is seen by who waits for it. */
static void flags_pulse_setup(void)
{
    reset();
    start(0, wait_body, 1, 0);
    world_settle();
    start(1, wait_body, 1, 1);
    world_settle();
    users_run(2);
    explore_hart(2, set_then_clear, 1);
}

static void flags_pulse_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && em_event_flags_get(&flags) == 0);
}

const explore_scenario scenarios_event_flags[] = {
    {"flags", flags_setup, flags_quiet},
    {"flags_order", flags_order_setup, flags_order_quiet},
    {"flags_try", flags_try_setup, flags_order_quiet},
    {"flags_cancel", flags_cancel_setup, flags_cancel_quiet},
    {"flags_leave", flags_leave_setup, flags_leave_quiet},
    {"flags_pulse", flags_pulse_setup, flags_pulse_quiet},
    {NULL, NULL, NULL},
};

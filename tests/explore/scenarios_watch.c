/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Watches between harts: nobody sleeps on while there is a value that it waits for, values come in order, and
 * modifications are not lost.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/watch.h>
#include <string.h>

EM_WATCH_TYPE(level, unsigned);

static level watch;
static level_receiver receivers[USERS];
static union {
    level_get_future get;
    level_changed_future changed;
    level_get_and_future get_and;
    level_changed_and_future changed_and;
} ops[USERS];
static unsigned last[USERS];

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&watch, 0, sizeof watch);
    memset(last, 0, sizeof last);
    for (unsigned n = 0; n < USERS; n++) {
        level_receiver_init(&receivers[n], &watch);
    }
}

static void had(unsigned n, unsigned value)
{
    explore_check(value > last[n]);
    last[n] = value;
}

/* Until it is 2; polled once for each send, and at first. */
static em_poll changed_body(user *u, em_context *cx)
{
    explore_check(u->life.polls <= 3);
    while (last[u->number] < 2) {
        if (!u->op) {
            u->op = &level_changed(&ops[u->number].changed, &receivers[u->number])->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        had(u->number, ops[u->number].changed.out);
    }
    return EM_READY;
}

static bool is_two(const unsigned *value, void *unused)
{
    (void)unused;
    explore_point("predicate");
    return *value == 2;
}

static em_poll changed_and_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &level_changed_and(&ops[u->number].changed_and, &receivers[u->number], is_two, NULL)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    had(u->number, ops[u->number].changed_and.out);
    return EM_READY;
}

static em_poll get_and_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &level_get_and(&ops[u->number].get_and, &receivers[u->number], is_two, NULL)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    had(u->number, ops[u->number].get_and.out);
    return EM_READY;
}

static em_poll get_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &level_get(&ops[u->number].get, &receivers[u->number])->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    had(u->number, ops[u->number].get.out);
    return EM_READY;
}

static void send_to(uintptr_t highest)
{
    for (unsigned value = 1; value <= highest; value++) {
        level_send(&watch, value);
    }
}

static void add_one(unsigned *value, bool *has_value, void *unused)
{
    (void)unused;
    explore_point("modify");
    *value = *has_value ? *value + 1 : 1;
    *has_value = true;
}

static void modify(uintptr_t unused)
{
    (void)unused;
    level_send_modify(&watch, add_one, NULL);
}

/* Everybody has had the 2, unless it was cancelled. */
static void quiet(void)
{
    world_quiet();
    explore_check(watch.watch.readers.waiters.first == NULL && watch.value == 2);
    for (unsigned n = 0; n < 2; n++) {
        explore_check(users[n].life.ended && (last[n] == 2 || users[n].life.dropped));
    }
}

static void watch_setup(void)
{
    reset();
    users_start(0, changed_body, 0);
    users_start(1, changed_body, 1);
    users_run(2);
    explore_hart(2, send_to, 2);
}

/* Two is what they wait for; the other is sent while a predicate looks, or before, or after. */
static void watch_and_setup(void)
{
    reset();
    users_start(0, changed_and_body, 0);
    users_start(1, get_and_body, 0);
    users_run(1);
    explore_hart(2, send_to, 2);
}

/* Two modify, one of them an interrupt of a hart that receives. */
static void watch_modify_setup(void)
{
    reset();
    users_start(0, changed_and_body, 0);
    users_start(1, changed_body, 0);
    users_run(1);
    explore_hart(2, modify, 0);
    explore_interrupt(0, 0, modify, 0, 1);
}

/* One of two that wait is cancelled. */
static void watch_cancel_setup(void)
{
    reset();
    users_start(0, changed_body, 0);
    users_start(1, get_and_body, 0);
    users_run(1);
    world_settle();
    explore_hart(2, send_to, 2);
    explore_hart(3, users_cancel, 0);
}

static void send_two(uintptr_t unused)
{
    (void)unused;
    level_send(&watch, 2);
}

static void poll_early(uintptr_t n)
{
    world_event(&users[n].life);
}

/* The second of two is polled before it was its turn to be woken. */
static void watch_early_setup(void)
{
    reset();
    users_start(0, get_body, 0);
    world_settle();
    users_start(1, get_body, 0);
    world_settle();
    users_run(1);
    explore_hart(2, send_two, 0);
    explore_hart(3, poll_early, 1);
}

static void send_clear_send(uintptr_t unused)
{
    (void)unused;
    level_send(&watch, 1);
    level_clear(&watch);
    level_send(&watch, 2);
}

static void try_changed(uintptr_t n)
{
    unsigned value;
    if (level_try_changed(&receivers[n], &value) == EM_OK) {
        had((unsigned)n, value);
    } else {
        explore_check(receivers[n].receiver.seen == 0);
    }
}

/* The value goes while some wait for it, and another tries. */
static void watch_clear_setup(void)
{
    reset();
    users_start(0, get_body, 0);
    users_start(1, changed_body, 0);
    users_run(1);
    explore_hart(2, send_clear_send, 0);
    explore_hart(3, try_changed, 3);
}

static void watch_clear_quiet(void)
{
    world_quiet();
    explore_check(watch.watch.readers.waiters.first == NULL && last[0] >= 1 && last[1] == 2);
    explore_check(last[3] == receivers[3].receiver.seen);
}

const explore_scenario scenarios_watch[] = {
    {"watch", watch_setup, quiet},
    {"watch_and", watch_and_setup, quiet},
    {"watch_modify", watch_modify_setup, quiet},
    {"watch_cancel", watch_cancel_setup, quiet},
    {"watch_early", watch_early_setup, quiet},
    {"watch_clear", watch_clear_setup, watch_clear_quiet},
    {NULL, NULL, NULL},
};

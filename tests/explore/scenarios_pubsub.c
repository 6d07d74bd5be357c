/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Publish and subscribe between harts: each message reaches each subscriber once and in order, or is told as missed;
 * no publisher sleeps while there is room, also when others are cancelled or a subscriber leaves.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/pubsub.h>
#include <string.h>

EM_PUBSUB_TYPE(one, unsigned, 1);
EM_PUBSUB_TYPE(two, unsigned, 2);

static one p1;
static two p2;
static union {
    one_subscriber of_one;
    two_subscriber of_two;
} subscribers[USERS];
static union {
    one_publish_future publish;
    one_next_message_future next;
    two_publish_future publish_two;
    two_next_message_future next_two;
} ops[USERS];
static unsigned last[USERS]; /* the number of the last message had or missed, by subscriber */
static bool lagging;         /* messages are missed, and two read as one subscriber: either may count first */

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&p1, 0, sizeof p1);
    memset(&p2, 0, sizeof p2);
    memset(subscribers, 0, sizeof subscribers);
    memset(last, 0, sizeof last);
    lagging = false;
}

static void had(unsigned n, uint64_t lagged, unsigned message)
{
    last[n] += lagged ? (unsigned)lagged : 1;
    explore_check(lagging || (lagged == 0 && message == last[n]));
}

/* -- with room for one: messages are 1, 2, 3 … --------------------------------------------------------- */

/* Reads until it knows of message u->step, and is polled twice for each at most. */
static em_poll read_body(user *u, em_context *cx)
{
    while (u->op || last[u->number] < u->step) {
        if (!u->op) {
            u->op = &one_next_message(&ops[u->number].next, &subscribers[u->number].of_one)->future;
        }
        if (!users_await(u, cx)) {
            explore_check(u->life.polls <= 1 + u->step + u->count);
            return EM_PENDING;
        }
        had(u->number, ops[u->number].next.out.lagged, ops[u->number].next.out.message);
    }
    return EM_READY;
}

static void leave(user *u)
{
    one_unsubscribe(&subscribers[u->number].of_one);
}

/* It reads up to message `until`; `spurious` polls may come in between. */
static void start_reader(unsigned n, unsigned until, unsigned spurious, unsigned hart)
{
    one_subscribe(&subscribers[n].of_one, &p1);
    users[n].step = until;
    users[n].count = spurious;
    users[n].give_back = leave;
    users_start(n, read_body, hart);
}

/* Publishes 1 to u->step. */
static em_poll publish_body(user *u, em_context *cx)
{
    while (u->count < u->step) {
        if (!u->op) {
            u->op = &one_publish(&ops[u->number].publish, &p1, u->count + 1)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        u->count++;
    }
    return EM_READY;
}

static void publish_immediate(uintptr_t count)
{
    for (unsigned n = 1; n <= count; n++) {
        one_publish_immediate(&p1, n);
    }
}

/* By the subscriber of user n. */
static void try_read(uintptr_t n)
{
    one_result out;
    if (one_try_next_message(&subscribers[n].of_one, &out) == EM_OK) {
        had((unsigned)n, out.lagged, out.message);
    }
}

static void quiet(void)
{
    world_quiet();
    explore_check(p1.pubsub.readers.waiters.first == NULL && p1.pubsub.publishers.first == NULL);
}

/* Two subscribers, a publisher. */
static void pubsub_setup(void)
{
    reset();
    start_reader(0, 2, 0, 0);
    start_reader(1, 2, 0, 1);
    users[2].step = 2;
    users_start(2, publish_body, 1);
    users_run(2);
}

static void pubsub_quiet(void)
{
    quiet();
    explore_check(users_ended() == 3 && last[0] == 2 && last[1] == 2 && one_is_empty(&p1));
}

/* It lags, and an interrupt of its hart takes messages, or the number of those missed, from under its wait. */
static void pubsub_lag_setup(void)
{
    reset();
    lagging = true;
    start_reader(0, 3, 0, 0);
    users_run(1);
    explore_hart(2, publish_immediate, 3);
    explore_interrupt(0, 0, try_read, 0, 1);
}

static void pubsub_lag_quiet(void)
{
    world_quiet();
    explore_check(last[0] == 3 && one_is_empty(&p1)); /* it waits on if the interrupt had the last */
}

/* A wait and a subscriber go away while a message is published: the other gets it. */
static void pubsub_leave_setup(void)
{
    reset();
    start_reader(0, 1, 0, 0);
    start_reader(1, 1, 0, 0);
    users_run(1);
    world_settle();
    explore_hart(2, publish_immediate, 1);
    explore_hart(3, users_cancel, 0);
}

static void pubsub_leave_quiet(void)
{
    quiet();
    explore_check(users_ended() == 2 && last[1] == 1 && one_is_empty(&p1));
    explore_check(!users[0].life.dropped || one_subscribers(&p1) == 1);
}

static void spurious(uintptr_t n)
{
    try_read(n);
    world_event(&users[n].life);
}

/* Three wait for one message. It is taken from under the second, whose task is then polled, perhaps before its turn. */
static void pubsub_taken_setup(void)
{
    reset();
    for (unsigned n = 0; n < 3; n++) {
        start_reader(n, 1, 1, 0);
        world_settle();
    }
    users_run(1);
    explore_hart(2, publish_immediate, 1);
    explore_hart(3, spurious, 1);
}

static void pubsub_taken_quiet(void)
{
    world_quiet();
    explore_check(last[0] == 1 && last[1] == 1 && last[2] == 1 && one_is_empty(&p1));
    explore_check(users[0].life.ended && users[2].life.ended);
}

/* -- publishers wait: message is the publisher's number, or more ---------------------------------------- */

static em_poll publish_once_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &one_publish(&ops[u->number].publish, &p1, u->number)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count++;
    return EM_READY;
}

/* A full queue, and users 0 and 1 wait to publish. */
static void with_publishers(void)
{
    reset();
    one_subscribe(&subscribers[3].of_one, &p1);
    one_publish_immediate(&p1, 9);
    users_start(0, publish_once_body, 0);
    world_settle();
    users_start(1, publish_once_body, 1);
    world_settle();
    users_run(2);
}

static void read_one(uintptr_t n)
{
    one_result out;
    explore_check(one_try_next_message(&subscribers[n].of_one, &out) == EM_OK && out.message == 9);
}

/* A place, and the first of two gives up: the other gets it. */
static void pubsub_cancel_setup(void)
{
    with_publishers();
    explore_hart(2, read_one, 3);
    explore_hart(3, users_cancel, 0);
}

static void pubsub_cancel_quiet(void)
{
    world_quiet();
    explore_check(users[0].count + users[1].count == 1 && one_is_full(&p1));
    explore_check(p1.messages[0] == (users[0].count ? 0 : 1));
}

/* -- with room for two ---------------------------------------------------------------------------------- */

static em_poll publish_two_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &two_publish(&ops[u->number].publish_two, &p2, u->number + 3)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count++;
    return EM_READY;
}

/* Reads 3 and 4, in this order. */
static em_poll read_two_body(user *u, em_context *cx)
{
    while (u->count < 2) {
        if (!u->op) {
            u->op = &two_next_message(&ops[u->number].next_two, &subscribers[u->number].of_two)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        explore_check(ops[u->number].next_two.out.lagged == 0 && ops[u->number].next_two.out.message == 3 + u->count);
        u->count++;
    }
    return EM_READY;
}

static void unsubscribe_two(uintptr_t n)
{
    two_unsubscribe(&subscribers[n].of_two);
}

/* Two messages are kept for subscriber 3; user 0 waits to publish, and user 1 comes later. */
static void with_two_publishers(void)
{
    reset();
    two_subscribe(&subscribers[3].of_two, &p2);
    two_publish_immediate(&p2, 1);
    two_publish_immediate(&p2, 2);
    users_start(0, publish_two_body, 0);
    world_settle();
    users_start(1, publish_two_body, 1);
    users_run(2);
}

/* Subscriber 3 leaves; another reads what they publish. */
static void pubsub_unsubscribe_setup(void)
{
    with_two_publishers();
    two_subscribe(&subscribers[2].of_two, &p2);
    users_start(2, read_two_body, 1);
    explore_hart(2, unsubscribe_two, 3);
}

static void pubsub_unsubscribe_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 3 && users[2].count == 2 && two_is_empty(&p2) && two_subscribers(&p2) == 1);
}

static void clear_two(uintptr_t unused)
{
    (void)unused;
    two_clear(&p2);
}

/* As upstream's channel did not (#3807): who waits for room gets what clear makes. Nobody reads. */
static void pubsub_clear_setup(void)
{
    with_two_publishers();
    world_settle();
    explore_hart(2, clear_two, 0);
}

static void pubsub_clear_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && two_is_full(&p2) && p2.messages[p2.pubsub.first] == 3);
}

const explore_scenario scenarios_pubsub[] = {
    {"pubsub", pubsub_setup, pubsub_quiet},
    {"pubsub_lag", pubsub_lag_setup, pubsub_lag_quiet},
    {"pubsub_leave", pubsub_leave_setup, pubsub_leave_quiet},
    {"pubsub_taken", pubsub_taken_setup, pubsub_taken_quiet},
    {"pubsub_cancel", pubsub_cancel_setup, pubsub_cancel_quiet},
    {"pubsub_clear", pubsub_clear_setup, pubsub_clear_quiet},
    {"pubsub_unsubscribe", pubsub_unsubscribe_setup, pubsub_unsubscribe_quiet},
    {NULL, NULL, NULL},
};

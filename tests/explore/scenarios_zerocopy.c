/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The zero-copy channel between harts: a place is one borrower's, nothing is had twice or lost, and nobody waits for
 * what is there, also when who borrowed it, or was promised it, is cancelled.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/zerocopy_channel.h>
#include <string.h>

typedef struct letter {
    user *borrower;
    unsigned number;
} letter;

EM_ZEROCOPY_CHANNEL_TYPE(box, letter, 1);

static box channel;
static union {
    box_send_future send;
    box_receive_future receive;
} ops[USERS];
static letter *places[USERS]; /* that they have borrowed */
static unsigned wanted[USERS];
static unsigned received;

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&channel, 0, sizeof channel);
    memset(places, 0, sizeof places);
    memset(wanted, 0, sizeof wanted);
    received = 0;
}

static void borrow(user *u, letter *place)
{
    explore_check(place->borrower == NULL);
    place->borrower = u;
    places[u->number] = place;
    u->has = true;
}

static letter *give_back(user *u)
{
    letter *place = places[u->number];
    explore_check(place->borrower == u);
    place->borrower = NULL;
    u->has = false;
    return place;
}

static void undo_send(user *u)
{
    if (u->has) {
        box_send_undo(&channel, give_back(u));
    }
}

static void undo_receive(user *u)
{
    if (u->has) {
        box_receive_undo(&channel, give_back(u));
    }
}

/* Borrows a place, lets others run while it has it, sends it; so many times. */
static em_poll send_body(user *u, em_context *cx)
{
    u->give_back = undo_send;
    if (u->has) {
        letter *place = give_back(u);
        place->number = ++u->count;
        box_send_done(&channel, place);
    }
    if (u->count == wanted[u->number]) {
        return EM_READY;
    }
    if (!u->op) {
        u->op = &box_send(&ops[u->number].send, &channel)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    borrow(u, ops[u->number].send.out);
    return users_yield(u);
}

static em_poll receive_body(user *u, em_context *cx)
{
    u->give_back = undo_receive;
    if (u->has) {
        received++;
        u->count++;
        box_receive_done(&channel, give_back(u));
    }
    if (u->count == wanted[u->number]) {
        return EM_READY;
    }
    if (!u->op) {
        u->op = &box_receive(&ops[u->number].receive, &channel)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    borrow(u, ops[u->number].receive.out);
    return users_yield(u);
}

static void all_is_given_back(void)
{
    world_quiet();
    explore_check(box_is_empty(&channel) && box_free(&channel) == 1);
}

static void zerocopy_setup(void)
{
    reset();
    wanted[0] = 1;
    wanted[1] = 1;
    wanted[2] = 2;
    users_start(0, send_body, 0);
    users_start(1, send_body, 1);
    users_start(2, receive_body, 0);
    users_run(2);
}

static void zerocopy_quiet(void)
{
    all_is_given_back();
    explore_check(users_ended() == 3 && received == 2);
}

static void two_wait(em_poll (*body)(user *u, em_context *cx))
{
    wanted[0] = 1;
    wanted[1] = 1;
    users_start(0, body, 0);
    users_start(1, body, 1);
    users_run(2);
    world_settle();
}

static void undo(uintptr_t place)
{
    box_send_undo(&channel, (letter *)place);
}

static void try_receive(uintptr_t times)
{
    letter *place;
    while (times-- > 0) {
        if (box_try_receive(&channel, &place) == EM_OK) {
            received++;
            box_receive_done(&channel, place);
        }
    }
}

/* The only place is lent, two wait for it; it comes back unused, and the first of the two is cancelled. */
static void zerocopy_send_cancel_setup(void)
{
    letter *place;
    reset();
    explore_check(box_try_send(&channel, &place) == EM_OK);
    two_wait(send_body);
    explore_hart(2, undo, (uintptr_t)place);
    explore_hart(3, users_cancel, 0);
}

static void zerocopy_send_cancel_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && box_len(&channel) == 1);
    try_receive(1);
    world_settle();
    explore_check(users[1].life.ended && users[0].count + users[1].count == received + box_len(&channel));
}

static void send_one(uintptr_t unused)
{
    letter *place;
    (void)unused;
    explore_check(box_try_send(&channel, &place) == EM_OK);
    box_send_done(&channel, place);
}

/* Two wait for a value; one comes, and the first of the two is cancelled, perhaps while it reads. */
static void zerocopy_receive_cancel_setup(void)
{
    reset();
    two_wait(receive_body);
    explore_hart(2, send_one, 0);
    explore_hart(3, users_cancel, 0);
}

static void zerocopy_receive_cancel_quiet(void)
{
    all_is_given_back();
    explore_check(users[0].life.ended && received == 1);
}

const explore_scenario scenarios_zerocopy[] = {
    {"zerocopy", zerocopy_setup, zerocopy_quiet},
    {"zerocopy_send_cancel", zerocopy_send_cancel_setup, zerocopy_send_cancel_quiet},
    {"zerocopy_receive_cancel", zerocopy_receive_cancel_setup, zerocopy_receive_cancel_quiet},
    {NULL, NULL, NULL},
};

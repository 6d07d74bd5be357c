/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The barrier between harts: nobody goes on before all have come, everybody does afterwards, and a cancelled
 * wait counts in its own round only.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/barrier.h>
#include <string.h>

enum { MAX_ROUNDS = 4 };

static em_barrier barrier;
static em_barrier_wait_future ops[USERS];
static int rounds_wanted;
static unsigned leaders;
static unsigned come[MAX_ROUNDS]; /* to the users' n-th round */

static void reset(uint32_t parties, int rounds)
{
    users_reset(ops, sizeof ops[0]);
    barrier = (em_barrier)EM_BARRIER_INIT(parties);
    rounds_wanted = rounds;
    leaders = 0;
    memset(come, 0, sizeof come);
}

/* After the drop: what nobody had completed before has not come. */
static void not_come(user *u)
{
    if (em_barrier_generation(&barrier) == u->count) {
        come[u->count]--;
    }
}

/* As many rounds as wanted. */
static em_poll rounds_body(user *u, em_context *cx)
{
    while (u->count < (unsigned)rounds_wanted) {
        if (!u->op) {
            u->op = &em_barrier_wait(&ops[u->number], &barrier)->future;
            u->give_back = not_come;
            come[u->count]++;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        explore_check(come[u->count] >= em_barrier_parties(&barrier));
        leaders += ops[u->number].out == 0;
        u->count++;
    }
    return EM_READY;
}

static unsigned waiting(void)
{
    unsigned count = 0;
    for (unsigned n = 0; n < USERS; n++) {
        count += users[n].op != NULL;
    }
    return count;
}

static void quiet(void)
{
    world_quiet();
    explore_check(leaders == em_barrier_generation(&barrier));
    explore_check(waiting() == em_barrier_arrived(&barrier));
    explore_check(em_barrier_arrived(&barrier) < em_barrier_parties(&barrier));
}

/* Two harts, two rounds. */
static void barrier_setup(void)
{
    reset(2, 2);
    users_start(0, rounds_body, 0);
    users_start(1, rounds_body, 1);
    users_run(2);
}

static void barrier_quiet(void)
{
    quiet();
    explore_check(users_ended() == 2 && em_barrier_generation(&barrier) == 2);
}

/* Two wait; the third comes and one of the two is cancelled; a fourth comes, to this round or to the next. */
static void barrier_cancel_setup(void)
{
    reset(3, 1);
    users_start(0, rounds_body, 0);
    world_settle();
    users_start(1, rounds_body, 0);
    world_settle();
    users_start(2, rounds_body, 1);
    users_start(3, rounds_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 1);
}

static void barrier_cancel_quiet(void)
{
    quiet();
    explore_check(em_barrier_generation(&barrier) == 1 && users[1].life.ended && users[0].count == 1);
}

/* Four for rounds of two: the second round begins while the first is being let go on. */
static void barrier_overlap_setup(void)
{
    reset(2, 1);
    users_start(0, rounds_body, 0);
    world_settle();
    users_start(1, rounds_body, 0);
    users_start(2, rounds_body, 1);
    users_start(3, rounds_body, 1);
    users_run(2);
}

static void barrier_overlap_quiet(void)
{
    quiet();
    explore_check(em_barrier_generation(&barrier) == 2 && users_ended() == 4);
}

static void wake(uintptr_t n)
{
    world_event(&users[n].life);
}

/* Polled again for nothing is not come again. */
static void barrier_spurious_setup(void)
{
    reset(3, 1);
    users_start(0, rounds_body, 0);
    users_start(1, rounds_body, 1);
    users_run(2);
    explore_hart(2, wake, 0);
}

const explore_scenario scenarios_barrier[] = {
    {"barrier", barrier_setup, barrier_quiet},
    {"barrier_cancel", barrier_cancel_setup, barrier_cancel_quiet},
    {"barrier_spurious", barrier_spurious_setup, quiet},
    {"barrier_overlap", barrier_overlap_setup, barrier_overlap_quiet},
    {NULL, NULL, NULL},
};

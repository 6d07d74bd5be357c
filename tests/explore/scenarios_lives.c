/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lives of tasks: stale wakes, respawn on another executor, cancel, join, pools.
 *
 * Flow: main.c -> here -> world.c, executor/
 */
#include "scenarios.h"
#include "world.h"

#include <string.h>

static life tasks[5];
static em_task_handle handles[2];

static em_poll end_body(life *l, em_context *cx)
{
    (void)l;
    (void)cx;
    return EM_READY;
}

static em_poll live_on_body(life *l, em_context *cx)
{
    (void)l;
    (void)cx;
    return EM_PENDING;
}

/* Ends at the first poll that has seen an event. */
static em_poll end_at_event_body(life *l, em_context *cx)
{
    (void)cx;
    return l->seen > 0 ? EM_READY : EM_PENDING;
}

static void stale_wakes(uintptr_t times)
{
    while (times-- > 0) {
        em_wake(world_waker(0));
    }
}

/* Spawn in slot 0 as soon as it is free. */
static void spawn_when_free(life *l, unsigned executor)
{
    while (!world_spawn(0, l, world_executor(executor))) {
        em_arch_relax();
    }
}

static void reset(void)
{
    world_reset();
    memset(tasks, 0, sizeof tasks);
    memset(handles, 0, sizeof handles);
}

/* Slot 0 has had a tenant on executor 0. */
static void end_first_life(void)
{
    tasks[0].body = end_body;
    explore_check(world_spawn(0, &tasks[0], world_executor(0)));
    em_executor_poll(world_executor(0));
    explore_check(tasks[0].ended);
}

/* Wakes for the first life go off while the slot gets a second on another executor, and a third back here. */
static void respawn(uintptr_t unused)
{
    (void)unused;
    spawn_when_free(&tasks[1], 1);
    spawn_when_free(&tasks[2], 0);
}

static void respawn_setup(void)
{
    reset();
    end_first_life();
    tasks[1].body = end_body;
    tasks[2].body = live_on_body;
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, respawn, 0);
    explore_hart(3, stale_wakes, 2);
}

static void respawn_quiet(void)
{
    world_quiet();
    explore_check(tasks[1].ended && tasks[2].polls > 0);
}

/* The second life is cancelled as soon as it is there; the third must not be. */
static void respawn_cancel(uintptr_t unused)
{
    (void)unused;
    while (!world_spawn_handle(0, &tasks[1], world_executor(1), &handles[0])) {
        em_arch_relax();
    }
    em_task_cancel(handles[0]);
    spawn_when_free(&tasks[2], 0);
    em_task_cancel(handles[0]);
}

static void respawn_cancel_setup(void)
{
    reset();
    end_first_life();
    tasks[1].body = live_on_body;
    tasks[2].body = live_on_body;
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, respawn_cancel, 0);
    explore_hart(3, stale_wakes, 2);
}

static void respawn_cancel_quiet(void)
{
    world_quiet();
    explore_check(tasks[1].dropped && !tasks[2].dropped && tasks[2].polls > 0);
}

/* -- cancel and join ------------------------------------------------------------------------------ */

/* A task that waits for the end of another, on its own executor. */
typedef struct joiner {
    life life;
    em_task_join join;
    em_task_handle target;
} joiner;

static joiner joiners[2];

static em_poll join_body(life *l, em_context *cx)
{
    joiner *j = (joiner *)(void *)l;
    if (l->step == 0) {
        em_task_wait(&j->join, j->target);
        l->step = 1;
    }
    em_poll p = em_future_poll(&j->join.future, cx);
    if (p.ready) {
        explore_check(em_task_ended(j->target));
        memset(&j->join, 0xee, sizeof j->join); /* nothing may refer to it any more */
    }
    return p;
}

static void join_drop_body(life *l)
{
    joiner *j = (joiner *)(void *)l;
    if (l->step == 1) {
        em_future_drop(&j->join.future);
        memset(&j->join, 0xee, sizeof j->join);
    }
}

static void cancel_first(uintptr_t unused)
{
    (void)unused;
    em_task_cancel(handles[0]);
}

static void event_first(uintptr_t unused)
{
    (void)unused;
    world_event(&tasks[0]);
}

static void add_joiner(unsigned n, unsigned executor)
{
    memset(&joiners[n], 0, sizeof joiners[n]);
    joiners[n].life.body = join_body;
    joiners[n].life.on_drop = join_drop_body;
    joiners[n].target = handles[0];
    explore_check(world_spawn_handle(2 + n, &joiners[n].life, world_executor(executor), &handles[1]));
}

/* A task ends by itself and is cancelled; its joiner is on another hart and is also woken for nothing. */
static void join_setup(void)
{
    reset();
    tasks[0].body = end_at_event_body;
    explore_check(world_spawn_handle(0, &tasks[0], world_executor(0), &handles[0]));
    add_joiner(0, 1);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, cancel_first, 0);
    explore_hart(3, event_first, 0);
}

static void poke_joiner(uintptr_t n)
{
    world_event(&joiners[n].life);
}

static void join_quiet(void)
{
    world_quiet();
    explore_check(tasks[0].ended && joiners[0].life.ended);
    explore_check(em_task_ended(handles[0]));
}

/* Two joiners of one task, both woken for nothing meanwhile. */
static void join_spurious_setup(void)
{
    reset();
    tasks[0].body = end_at_event_body;
    explore_check(world_spawn_handle(0, &tasks[0], world_executor(0), &handles[0]));
    add_joiner(0, 1);
    add_joiner(1, 1);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, event_first, 0);
    explore_hart(3, poke_joiner, 0);
}

static void join_spurious_quiet(void)
{
    join_quiet();
    explore_check(joiners[1].life.ended);
}

static void cancel_joiner(uintptr_t unused)
{
    (void)unused;
    em_task_cancel(handles[1]);
}

/* The joiner is cancelled while the task ends. */
static void join_cancel_setup(void)
{
    reset();
    tasks[0].body = end_at_event_body;
    explore_check(world_spawn_handle(0, &tasks[0], world_executor(0), &handles[0]));
    add_joiner(0, 1);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, event_first, 0);
    explore_hart(3, cancel_joiner, 0);
}

/* -- pool ----------------------------------------------------------------------------------------- */

static unsigned refused;

static void spawn_pooled(uintptr_t n)
{
    for (life *l = &tasks[n]; l < &tasks[n + 2]; l++) {
        if (!world_spawn_in_pool(l, world_executor(0))) {
            refused++;
            return;
        }
    }
}

/* Two harts spawn from a pool of two while its tasks end. */
static void pool_setup(void)
{
    reset();
    refused = 0;
    for (unsigned i = 0; i < 5; i++) {
        tasks[i].body = end_body;
    }
    explore_check(world_spawn_in_pool(&tasks[4], world_executor(0)));
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, spawn_pooled, 0);
    explore_hart(2, spawn_pooled, 2);
}

static void pool_quiet(void)
{
    static life again[WORLD_POOL + 1];

    world_quiet();
    memset(again, 0, sizeof again);
    for (unsigned i = 0; i < WORLD_POOL + 1; i++) {
        again[i].body = end_body;
        explore_check(world_spawn_in_pool(&again[i], world_executor(0)) == (i < WORLD_POOL));
    }
}

/* Who has waited for the end of a pooled task finds its slot free. */
static em_poll respawn_after_join_body(life *l, em_context *cx)
{
    em_poll p = join_body(l, cx);
    if (p.ready) {
        explore_check(world_spawn_in_pool(&tasks[2], world_executor(1)));
    }
    return p;
}

static void pool_join_setup(void)
{
    reset();
    tasks[0].body = end_at_event_body;
    tasks[1].body = live_on_body;
    tasks[2].body = live_on_body;
    explore_check(world_spawn_in_pool(&tasks[0], world_executor(0)));
    handles[0] = (em_task_handle){tasks[0].waker.task, tasks[0].waker.task->generation};
    explore_check(world_spawn_in_pool(&tasks[1], world_executor(0)));
    add_joiner(0, 1);
    joiners[0].life.body = respawn_after_join_body;
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, event_first, 0);
}

static void pool_join_quiet(void)
{
    join_quiet();
    explore_check(tasks[2].polls > 0);
}

const explore_scenario scenarios_lives[] = {
    {"respawn", respawn_setup, respawn_quiet},
    {"respawn_cancel", respawn_cancel_setup, respawn_cancel_quiet},
    {"join", join_setup, join_quiet},
    {"join_spurious", join_spurious_setup, join_spurious_quiet},
    {"join_cancel", join_cancel_setup, join_quiet},
    {"pool", pool_setup, pool_quiet},
    {"pool_join", pool_join_setup, pool_join_quiet},
    {NULL, NULL, NULL},
};

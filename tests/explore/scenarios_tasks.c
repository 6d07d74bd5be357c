/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Wakes: run queue, waker, run loop, sleep, pender.
 *
 * Flow: main.c -> here -> world.c, executor/
 */
#include "scenarios.h"
#include "watchers.h"

/* Two harts and an interrupt wake the tasks of a third hart's executor. */
static void wakes_setup(void)
{
    world_reset();
    watchers_spawn(2);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, watchers_wake, 3);
    explore_hart(2, watchers_wake, 2);
    explore_interrupt(0, 0, watchers_wake, 1, 1);
}

/* A task wakes itself while others wake it. */
static void self_wake_setup(void)
{
    world_reset();
    watchers_spawn(1);
    watchers[0].step = 2;
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, watchers_wake, 1);
    explore_hart(2, watchers_wake, 1);
}

static void wake_same_twice(uintptr_t unused)
{
    (void)unused;
    watchers_wake(1);
    watchers_wake(1);
}

/* The sleep: one hart, one interrupt, one other hart. */
static void sleep_setup(void)
{
    world_reset();
    watchers_spawn(1);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, wake_same_twice, 0);
    explore_interrupt(0, 0, watchers_wake, 1, 1);
}

/* Three producers to a batch that is being walked. */
static void gap_setup(void)
{
    world_reset();
    watchers_spawn(3);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, watchers_wake, 1);
    explore_hart(2, watchers_wake, 2);
    explore_hart(3, watchers_wake, 4);
}

/* An interrupt's executor; tasks for it come from the thread below it and from another hart. */
static void level_harts_setup(void)
{
    world_reset();
    watchers_spawn_on_level(1);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, watchers_wake, 4);
}

/* -- what an interrupt asks the executor to do ---------------------------------------------------- */

static unsigned asked, served;

static void service(em_executor *e)
{
    (void)e;
    served = asked;
    explore_point("service");
}

static void ask(uintptr_t unused)
{
    (void)unused;
    asked++;
    world_request(world_executor(0), service);
}

static void service_setup(void)
{
    world_reset();
    watchers_spawn(1);
    asked = 0;
    served = 0;
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, watchers_wake, 1);
    explore_interrupt(0, 0, ask, 0, 2);
}

static void service_quiet(void)
{
    world_quiet();
    explore_check(asked == 2 && served == asked);
}

const explore_scenario scenarios_tasks[] = {
    {"wakes", wakes_setup, world_quiet},
    {"self_wake", self_wake_setup, world_quiet},
    {"sleep", sleep_setup, world_quiet},
    {"gap", gap_setup, world_quiet},
    {"level_harts", level_harts_setup, world_quiet},
    {"service", service_setup, service_quiet},
    {NULL, NULL, NULL},
};

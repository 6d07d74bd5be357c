/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The build for one hart, which has no locks: interrupts are all that can come between.
 *
 * Flow: main.c -> here -> world.c, executor/
 */
#include "scenarios.h"
#include "watchers.h"

/* The sleep against an interrupt, and what runs in the interrupt is a producer that nothing masks. */
static void one_hart_sleep_setup(void)
{
    world_reset();
    watchers_spawn(2);
    watchers[0].step = 1;
    explore_hart(0, world_run_executor, 0);
    explore_interrupt(0, 0, watchers_wake, 3, 2);
}

/* An interrupt's executor stops the thread's, in the middle of a push to it too. */
static void levels_setup(void)
{
    world_reset();
    watchers_spawn_on_level(2);
    explore_hart(0, world_run_executor, 0);
    explore_interrupt(0, 0, watchers_wake, 7, 2);
}

const explore_scenario scenarios_one_hart[] = {
    {"one_hart_sleep", one_hart_sleep_setup, world_quiet},
    {"levels", levels_setup, world_quiet},
    {NULL, NULL, NULL},
};

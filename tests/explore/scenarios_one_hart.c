/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The build for one hart, which has no locks: interrupts are all that can come between.
 *
 * Flow: main.c -> here -> world.c, executor/
 */
#include "scenarios.h"
#include "watchers.h"

#include <em/arch.h>

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

/* Two levels and an interrupt, each of which stops the one below and pushes to all. */
static void two_levels_setup(void)
{
    world_reset();
    watchers_spawn_on_two_levels(2);
    explore_hart(0, world_run_executor, 0);
    explore_interrupt(0, 0, watchers_wake, 7, 2);
}

/* A critical section that pushes twice to one level: neither push is stopped in its gap. */
static void masked_pushes(uintptr_t which)
{
    em_irq irq = em_irq_save();
    watchers_wake(which);
    em_irq_restore(irq);
}

static void level_masked_setup(void)
{
    world_reset();
    watchers_spawn_on_level(0);
    world_settle();
    explore_hart(0, masked_pushes, 6);
    explore_interrupt(0, 0, watchers_wake, 6, 2);
}

/* The lower wakes twice, unmasked; the level's task wakes itself. */
static void pushes(uintptr_t which)
{
    watchers_wake(which);
    watchers_wake(which);
}

static void level_pushes_setup(void)
{
    world_reset();
    watchers_spawn_on_level(0);
    world_settle();
    watchers[1].step = 1;
    explore_hart(0, pushes, 6);
    explore_interrupt(0, 0, watchers_wake, 6, 2);
}

const explore_scenario scenarios_one_hart[] = {
    {"one_hart_sleep", one_hart_sleep_setup, world_quiet},
    {"levels", levels_setup, world_quiet},
    {"two_levels", two_levels_setup, world_quiet},
    {"level_masked", level_masked_setup, world_quiet},
    {"level_pushes", level_pushes_setup, world_quiet},
    {NULL, NULL, NULL},
};

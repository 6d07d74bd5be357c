/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor with priorities, which also runs the scenarios of wakes and lives: changes of tasks that are ready,
 * running, at their end, by several; what em_executor_poll() leaves.
 *
 * Flow: main.c -> here -> world.c, executor/priority.c
 */
#include "scenarios.h"
#include "watchers.h"

#include <em/priority.h>
#include <string.h>

static life tasks[4];
static em_task_handle handles[4];
static unsigned polls;      /* begun, of all tasks */
static unsigned polled[4];  /* when each was last */
static unsigned raised;     /* when the change was made, or 0 */
static bool raised_ready;

static em_poll noted_body(life *l, em_context *cx)
{
    polled[l - tasks] = ++polls;
    if (l->step > 0) {
        l->step--;
        l->events++;
        em_wake(em_context_waker(cx));
    }
    return EM_PENDING;
}

static em_poll end_body(life *l, em_context *cx)
{
    (void)l;
    (void)cx;
    return EM_READY;
}

static void spawn(unsigned n, em_executor *home, em_poll (*body)(life *, em_context *))
{
    tasks[n].body = body;
    explore_check(world_spawn_handle(n, &tasks[n], home, &handles[n]));
}

static void reset(void)
{
    world_reset();
    memset(tasks, 0, sizeof tasks);
    memset(polled, 0, sizeof polled);
    polls = 0;
    raised = 0;
    raised_ready = false;
}

/* Three of the lowest priority are ready; the last of them is raised from another hart. One poll may have begun. */
static void raise_last(uintptr_t unused)
{
    (void)unused;
    em_task_set_priority(handles[1], 3);
    em_task_set_priority(handles[2], 7);
    raised = polls;
    raised_ready = polled[2] == 0;
}

static void raise_setup(void)
{
    reset();
    for (unsigned n = 0; n < 3; n++) {
        spawn(n, world_executor(0), noted_body);
    }
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, raise_last, 0);
}

static void raise_quiet(void)
{
    world_quiet();
    explore_check(polls == 3);
    explore_check(!raised_ready || polled[2] <= raised + 2);
    explore_check(em_task_priority(handles[2]) == 7);
}

/* Two harts and an interrupt change the one that an interrupt wakes. */
static void change(uintptr_t p)
{
    em_task_set_priority(handles[0], (uint8_t)p);
}

static void wake(uintptr_t n)
{
    world_event(&tasks[n]);
}

static void change_setup(void)
{
    reset();
    spawn(0, world_executor(0), noted_body);
    tasks[0].step = 1;
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, change, 5);
    explore_hart(2, change, 2);
    explore_interrupt(0, 0, wake, 0, 1);
}

static void change_quiet(void)
{
    world_quiet();
    int p = em_task_priority(handles[0]);
    explore_check(p == 5 || p == 2);
}

/* The change meets the end, and the slot's next life. */
static void spawn_again(uintptr_t unused)
{
    (void)unused;
    tasks[1].body = noted_body;
    while (!world_spawn_handle(0, &tasks[1], world_executor(1), &handles[1])) {
        em_arch_relax();
    }
}

static void end_setup(void)
{
    reset();
    spawn(0, world_executor(0), end_body);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, change, 6);
    explore_hart(3, spawn_again, 0);
}

static void end_quiet(void)
{
    world_quiet();
    explore_check(em_task_priority(handles[0]) == EM_ERR_INVAL);
    explore_check(em_task_priority(handles[1]) == 0);
}

/* Two are ready, and a stale wake puts a third into their queue, whose slot is spawned elsewhere. */
static void stale_wake(uintptr_t unused)
{
    (void)unused;
    em_wake(world_waker(0));
}

static void stranger_setup(void)
{
    reset();
    spawn(0, world_executor(0), end_body);
    world_settle();
    spawn(2, world_executor(0), noted_body);
    spawn(3, world_executor(0), noted_body);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, world_run_executor, 1);
    explore_hart(2, stale_wake, 0);
    explore_hart(3, spawn_again, 0);
}

/* An interrupt's executor: one wakes itself, so that another is left to the next poll, while a third is woken. */
static void left_setup(void)
{
    reset();
    em_executor *level = world_level_executor(0, 1);
    spawn(2, level, noted_body);
    world_settle();
    spawn(0, level, noted_body);
    spawn(1, level, noted_body);
    tasks[0].step = 2;
    em_task_set_priority(handles[0], 4);
    explore_hart(0, world_run_executor, 0);
    explore_hart(1, wake, 2);
    explore_hart(2, change, 1);
}

const explore_scenario scenarios_priorities[] = {
    {"raise", raise_setup, raise_quiet},
    {"change", change_setup, change_quiet},
    {"change_at_the_end", end_setup, end_quiet},
    {"stranger", stranger_setup, world_quiet},
    {"left", left_setup, world_quiet},
    {NULL, NULL, NULL},
};

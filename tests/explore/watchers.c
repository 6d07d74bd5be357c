/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Watchers.
 *
 * Flow: scenarios_tasks.c, scenarios_one_hart.c -> here -> world.c
 */
#include "watchers.h"

#include <string.h>

life watchers[WATCHERS];

static em_poll watch_body(life *l, em_context *cx)
{
    if (l->step > 0) {
        l->step--;
        l->events++;
        em_wake(em_context_waker(cx));
    }
    return EM_PENDING;
}

static em_poll wake_level_body(life *l, em_context *cx)
{
    (void)cx;
    if (l->step > 0) {
        l->step--;
        watchers_wake(6);
    }
    return EM_PENDING;
}

void watchers_wake(uintptr_t which)
{
    for (unsigned i = 0; i < WATCHERS; i++) {
        if (which & 1u << i) {
            world_event(&watchers[i]);
        }
    }
}

void watchers_spawn(unsigned count)
{
    memset(watchers, 0, sizeof watchers);
    for (unsigned i = 0; i < count; i++) {
        watchers[i].body = watch_body;
        explore_check(world_spawn(i, &watchers[i], world_executor(0)));
    }
}

void watchers_spawn_on_level(int rounds)
{
    em_executor *level = world_level_executor(0, 1);

    memset(watchers, 0, sizeof watchers);
    watchers[0].body = wake_level_body;
    watchers[0].step = rounds;
    watchers[1].body = watch_body;
    watchers[2].body = watch_body;
    explore_check(world_spawn(0, &watchers[0], world_executor(0)));
    explore_check(world_spawn(1, &watchers[1], level));
    explore_check(world_spawn(2, &watchers[2], level));
}

static em_poll wake_above_body(life *l, em_context *cx)
{
    (void)cx;
    if (l->step > 0) {
        l->step--;
        watchers_wake(4);
    }
    return EM_PENDING;
}

void watchers_spawn_on_two_levels(int rounds)
{
    em_executor *level[] = {world_executor(0), world_level_executor(0, 1), world_level_executor(0, 2)};

    memset(watchers, 0, sizeof watchers);
    watchers[0].body = wake_level_body;
    watchers[0].step = rounds;
    watchers[1].body = wake_above_body;
    watchers[1].step = 1;
    watchers[2].body = watch_body;
    for (unsigned i = 0; i < WATCHERS; i++) {
        explore_check(world_spawn(i, &watchers[i], level[i]));
    }
}

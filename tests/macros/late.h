/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the language tests wait for: a future that is ready at its n-th poll, and a traced one that the
 * test fires (runner.h).
 */
#pragma once

#include "runner.h"

#include <em/async.h>

typedef struct late {
    em_future future;
    unsigned left; /* polls in vain */
    int out;
} late;

extern unsigned late_constructed, late_dropped;

/* Awaitable: @p value, at the poll after @p polls in vain; wakes itself for each. */
late *late_value(late *l, unsigned polls, int value);

/* Awaitable: the probe @p p, which the test fires; not started anew. */
static inline probe *watch(probe *p)
{
    return p;
}

/* The only task in a pool of one, running. */
#define FRAME(name) (&name##__pool[0].frame)
#define HANDLE(name) ((em_task_handle){&name##__pool[0].task, name##__pool[0].task.generation})

static inline em_spawner test_spawner(void)
{
    return (em_spawner){&test_executor};
}

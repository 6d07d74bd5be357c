/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What the scenarios share: the executor's port on explored harts, task slots, and tasks that watch
 * whether they are polled when and where they must be.
 *
 * Flow: a scenario's setup -> world_reset, world_spawn;  quiet -> world_quiet
 */
#pragma once

#include "explorer.h"

#include <em/executor.h>

enum { WORLD_SLOTS = 4, WORLD_POOL = 2 };

/* One life of a slot: a task. First member of what a scenario keeps about it. */
typedef struct life {
    em_poll (*body)(struct life *l, em_context *cx);
    void (*on_drop)(struct life *l);
    em_executor *home; /* NULL: not spawned yet */
    em_waker waker;
    unsigned events; /* that were to wake it */
    unsigned seen;   /* of them, at the start of its last poll */
    unsigned polls;
    int step;        /* the body's */
    bool polling;
    bool ended;
    bool dropped;
    struct life *next;
} life;

/** Everything as after reset. */
void world_reset(void);

/** Spawn @p l in slot @p slot. False: the slot is taken. */
bool world_spawn(unsigned slot, life *l, em_executor *home);

/** The same, with a handle. */
bool world_spawn_handle(unsigned slot, life *l, em_executor *home, em_task_handle *out);

/** Spawn @p l in the pool of WORLD_POOL slots. False: it is full. */
bool world_spawn_in_pool(life *l, em_executor *home);

/** A waker of whatever lives in the slot. */
em_waker world_waker(unsigned slot);

/** Something happens for which @p l waits: wake it, so that it is polled afterwards unless it has ended. */
void world_event(life *l);

/** em_executor_request_(), whose pend is expected. */
void world_request(em_executor *e, void (*service)(em_executor *));

/** Poll what is ready, before the exploration: for setups in which tasks wait already. */
void world_settle(void);

/** Main program of a hart: its thread executor, for ever. */
void world_run_executor(uintptr_t hart);

/** An executor in an interrupt of @p hart. */
em_executor *world_level_executor(unsigned hart, unsigned level);

/** The checks that hold for every scenario in the end. */
void world_quiet(void);

static inline em_executor *world_executor(unsigned hart)
{
    return &em_thread_executors_[hart];
}

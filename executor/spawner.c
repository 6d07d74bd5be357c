/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Spawning: from a token to the run queue.
 *
 * Flow: name(args) -> here -> run_queue.h -> em_port_pend
 */
#include "run_queue.h"

#include <em/port.h>
#include <em/trace.h>

#if EM_CFG_MAX_HARTS > 1
em_hart_load em_hart_loads_[EM_CFG_MAX_HARTS];
#endif

static inline bool is_full(em_spawn_token t)
{
    return t.word < 0;
}

static inline void spawn(em_executor *e, em_task *t)
{
    em_executor_count_(e, 1);
    em_stats_begin_(t);
    em_trace_at_(EM_TRACE_SPAWN_, t, e);
    em_atomic_poke_ptr_((void **)&t->executor, e);
    if (em_atomic_or(&t->state, EM_TASK_SPAWNED_ | EM_TASK_FRESH_ | EM_TASK_QUEUED_) < 0) {
        return; /* a stale wake has it in a queue: who dequeues it passes it on to e */
    }
    if (em_run_queue_push_(e, t)) {
        em_port_pend(e);
    }
}

int em_spawn(em_spawner s, em_spawn_token t)
{
    if (is_full(t)) {
        return EM_ERR_BUSY;
    }
    spawn(s.executor, (em_task *)t.word);
    return EM_OK;
}

void em_must_spawn(em_spawner s, em_spawn_token t)
{
    if (__builtin_expect(is_full(t), 0)) {
        const em_task_type *type = (const em_task_type *)-t.word;
        em_port_panic(type->ops.name, "em_must_spawn: pool full", type->line);
    }
    spawn(s.executor, (em_task *)t.word);
}

int em_spawn_handle(em_spawner s, em_spawn_token t, em_task_handle *out)
{
    if (is_full(t)) {
        return EM_ERR_BUSY;
    }
    em_task *task = (em_task *)t.word;
    em_task_handle handle = {task, task->generation};
    spawn(s.executor, task);
    *out = handle; /* not before: who finds it may cancel the task, which must then be spawned */
    return EM_OK;
}

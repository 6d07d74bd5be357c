/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The waker: from an event to the run queue.
 *
 * Flow: an ISR, a task, another hart -> here -> run_queue.h -> em_port_pend
 */
#include "run_queue.h"

#include <em/port.h>
#include <em/trace.h>

/* @p from: a place in code, for a recording. */
static inline __attribute__((always_inline)) void wake(em_task *t, const void *from)
{
    (void)from;
    em_stats_woken_(t);
    if (em_atomic_or(&t->state, EM_TASK_QUEUED_) < 0) {
        em_trace_at_(EM_TRACE_WAKE_AGAIN_, t, from);
        return; /* queued already: the poll to come sees what the caller wrote */
    }
    em_trace_at_(EM_TRACE_WAKE_, t, from);
    /* A stale waker may read this while the slot is spawned elsewhere: either value will do (task.h, FRESH). */
    em_executor *e = em_atomic_peek_ptr_((void *const *)&t->executor);
    if (em_run_queue_push_(e, t)) {
        em_port_pend(e);
    }
}

void em_wake(em_waker waker)
{
    wake(waker.task, em_trace_caller_());
}

em_poll em_yield_(em_future *body, em_context *cx)
{
    (void)body;
    wake(cx, em_trace_caller_());
    return EM_PENDING;
}

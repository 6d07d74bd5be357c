/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What each way to poll does: executor.c's, in the order of readiness, and priority.c's.
 *
 * Flow: executor.c, priority.c -> here -> run_queue.h
 */
#pragma once

#include "run_queue.h"

#include <em/executor.h>
#include <em/trace.h>

/* The state of t was not simply "ready" when it was dequeued. True: poll it. */
bool em_resolve_odd_state_(em_executor *e, em_task *t, long state);

/* Poll it: checked, counted, or neither. */
#if EM_CFG_STATS
em_poll em_poll_counted_(em_task *t);
#endif
#if EM_CFG_CHECKS
em_poll em_poll_checked_(em_task *t);
#define em_poll_root_ em_poll_checked_
#elif EM_CFG_STATS
#define em_poll_root_ em_poll_counted_
#else
static inline __attribute__((always_inline)) em_poll em_poll_root_(em_task *t)
{
    return em_future_poll(em_task_root(t), t);
}
#endif

/* The same, and say so in a recording. */
static inline __attribute__((always_inline)) em_poll em_poll_task_(em_task *t)
{
    em_trace_(EM_TRACE_POLL_BEGIN_, t, 0);
    em_poll result = em_poll_root_(t);
    em_trace_(EM_TRACE_POLL_END_, t, result.ready);
    return result;
}

/* Do what interrupts asked for. The request goes first: one that comes meanwhile is a new one. */
static inline void em_serve_(em_executor *e)
{
    if (__builtin_expect(em_atomic_load_ptr_((void *const *)(void *)&e->service) != NULL, 0)) {
        uintptr_t service = (uintptr_t)em_atomic_swap_ptr_((void **)(void *)&e->service, NULL);
        ((void (*)(em_executor *))service)(e);
    }
}

/* em_executor_poll(), from what it does with the one ready task that is the rule, and with several. */
static inline __attribute__((always_inline)) void em_poll_once_(em_executor *e, void (*one)(em_executor *, em_task *),
                                                                void (*several)(em_executor *, em_task *, em_task *))
{
    em_executor **current = em_this_executor_();
    em_executor *outer = *current;

    em_trace_(EM_TRACE_EXECUTOR_BEGIN_, e, 0);
    *current = e;
    em_executor_settle_(e);
    em_serve_(e);
    em_task *last;
    em_task *first = em_run_queue_take_(e, &last);
    if (first) {
        if (__builtin_expect(first == last, 1)) {
            one(e, first);
        } else {
            several(e, first, last);
        }
        e->running = NULL;
    }
    *current = outer;
    em_trace_(EM_TRACE_EXECUTOR_END_, e, 0);
}

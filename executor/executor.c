/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor: batches of ready tasks, polled in order, and sleep when there are none.
 *
 * Invariant: a task is in at most one run queue, and is in one if and only if QUEUED is set, but for
 * the instructions between the AMO and the link.
 *
 * Flow: run_queue.h -> here -> the task's poll function -> em_task_finish_;  idle -> em_port_idle
 */
#include "poll.h"
#include "run_queue.h"

#include <em/assert.h>
#include <em/port.h>

em_executor *em_current_executor_[EM_CFG_MAX_HARTS][EM_HART_LINE_ / 8] EM_HART_ALIGNED_;
em_executor em_thread_executors_[EM_CFG_MAX_HARTS];

__attribute__((noinline)) bool em_resolve_odd_state_(em_executor *e, em_task *t, long state)
{
    if (!(state & EM_TASK_SPAWNED_)) {
        return false; /* a stale wake: the task has ended, or the slot's next one is not spawned yet */
    }
    if (state & EM_TASK_FRESH_) {
        /* What was dequeued may have ended elsewhere meanwhile, and its slot be spawned anew, anywhere. Hold it
         * by QUEUED, as a queue does: still fresh, neither its life nor its executor changes while we look. */
        state = em_atomic_or(&t->state, EM_TASK_QUEUED_);
        if (state < 0) {
            return false; /* woken meanwhile: who dequeues it looks */
        }
        em_executor *owner = em_atomic_peek_ptr_((void *const *)&t->executor);
        if (owner != e || !(state & EM_TASK_FRESH_)) {
            if (em_run_queue_push_(owner, t)) { /* a stale wake had it in our queue when it was spawned */
                em_port_pend(owner);
            }
            return false;
        }
        state = em_atomic_and(&t->state, ~(EM_TASK_QUEUED_ | EM_TASK_FRESH_));
    }
    if (state & EM_TASK_CANCEL_) {
        e->running = t;
        em_future_drop(em_task_root(t));
        em_trace_(EM_TRACE_TASK_END_, t, 1);
        em_task_finish_(t);
        return false;
    }
    return true;
}

static inline long dequeue(em_task *t)
{
    return em_atomic_and(&t->state, ~EM_TASK_QUEUED_); /* from here on a wake queues it again */
}

static inline __attribute__((always_inline)) void poll_task(em_executor *e, em_task *t)
{
    e->running = t;
    if (em_poll_task_(t).ready) {
        em_trace_(EM_TRACE_TASK_END_, t, 0);
        em_task_finish_(e->running);
    }
}

/* Poll what em_run_queue_take_() gave. */
static inline __attribute__((always_inline)) void poll_batch(em_executor *e, em_task *t, em_task *last)
{
    do {
        em_task *next = em_run_queue_next_(t, last);
        long state = dequeue(t);
        if (__builtin_expect(state == EM_TASK_READY_, 1) || em_resolve_odd_state_(e, t, state)) {
            poll_task(e, t);
        }
        t = next;
    } while (t);
}

/* Two that are rare where an interrupt polls, out of em_executor_poll(): so it has few registers to save. */
static __attribute__((noinline)) void poll_several(em_executor *e, em_task *t, em_task *last)
{
    poll_batch(e, t, last);
}

static __attribute__((noinline)) void poll_odd(em_executor *e, em_task *t, long state)
{
    if (em_resolve_odd_state_(e, t, state)) {
        poll_task(e, t);
    }
}

static inline void poll_one(em_executor *e, em_task *t)
{
    long state = dequeue(t);
    if (__builtin_expect(state == EM_TASK_READY_, 1)) {
        poll_task(e, t);
    } else {
        poll_odd(e, t, state);
    }
}

/* Weak, as is the other one: priority.c has its own, and is linked where there are priorities. */
__attribute__((weak)) void em_executor_poll(em_executor *e)
{
    EM_ASSERT(e->running == NULL);
    em_poll_once_(e, poll_one, poll_several);
}

static inline void sleep_if_idle(em_executor *e)
{
    em_irq_disable(); /* between the look and the sleep an interrupt stays pending, and ends the sleep */
    if (em_executor_is_idle(e)) {
        em_trace_idle_begin_(e);
        em_port_idle(e);
        if (EM_CFG_TRACE && !em_executor_is_idle(e)) {
            em_trace_idle_end_(e);
        }
    }
    em_irq_enable();
}

void em_executor_sleep(em_executor *e)
{
    sleep_if_idle(e);
    em_trace_idle_end_(e); /* what the caller does now is none */
}

__attribute__((weak)) _Noreturn void em_executor_run(em_executor *e)
{
    *em_this_executor_() = e;
    em_executor_settle_(e);
    for (;;) {
        em_task *last;
        em_task *first = em_run_queue_take_(e, &last);
        if (first) {
            em_trace_idle_end_(e);
            em_serve_(e); /* what it wakes is behind the batch in hand */
            poll_batch(e, first, last);
        } else {
            e->running = NULL;
            sleep_if_idle(e);
            em_serve_(e);
        }
    }
}

em_task *em_running_task(void)
{
    em_executor *e = *em_this_executor_();
    return e ? e->running : NULL;
}

em_spawner em_spawner_current(void)
{
    EM_ASSERT(em_running_task() != NULL);
    return (em_spawner){*em_this_executor_()};
}

em_spawner em_spawner_hart_(unsigned hart)
{
    EM_ASSERT(hart < em_hart_count());
    return (em_spawner){&em_thread_executors_[hart]};
}

unsigned em_hart_id(void)
{
    return em_arch_hart();
}

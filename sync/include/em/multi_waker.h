/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Multi-wakers: several tasks wait for one source of events, such as an interrupt; all are woken, and look.
 *
 * Flow: em_multi_waker_wait's poll -> waits, then looks;  an ISR -> em_multi_waker_wake -> em_wake of each -> the polls
 *
 * Rules for multi-wakers:
 *  - Zeroed: nobody waits. There is no limit on tasks.
 *  - A wake is for those who wait when it comes, each once, in order of waiting. With nobody there it is forgotten: so
 *    begin to wait first, look whether it has happened second. em_multi_waker_wait() does.
 *  - The source makes known what happened first, and wakes second. A word that it writes while others look at it is for
 *    em_atomic_store() and em_atomic_load(), or in a lock of its own.
 *  - Nothing is handed over: who looks first has it. A wait that is dropped has nothing to pass on.
 *  - For events that are a flag, a count or a value take an object that keeps them: em_event_flags, em_semaphore, a
 *    watch. For one task take em_waker_cell.
 */
#pragma once

#include <em/wait_all.h>

typedef struct em_multi_waker {
    em_wait_all waiters;
    em_lock lock;
} em_multi_waker;

typedef struct em_multi_waker_wait_future {
    em_future future;
    em_wait_all_node node;
    em_multi_waker *multi;
    bool (*happened)(void *arg); /* NULL: the wake is what it waits for */
    void *arg;
} em_multi_waker_wait_future;

extern const em_future_ops em_multi_waker_wait_ops;

/**
 * Wake all who wait now.
 *
 * Context: task | isr | any hart
 * Cost:    O(waiting tasks), one critical section each
 */
static inline void em_multi_waker_wake(em_multi_waker *m)
{
    em_wait_all_wake_release(&m->waiters, &m->lock, em_lock_acquire(&m->lock));
}

/**
 * Awaitable: happened(@p arg) has returned true. It is called at the first poll and after each wake, with nothing
 * locked or masked, and cannot wait.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(1), and what happened() costs
 */
static inline em_multi_waker_wait_future *em_multi_waker_wait(em_multi_waker_wait_future *w, em_multi_waker *m,
                                                              bool (*happened)(void *arg), void *arg)
{
    w->future.ops = &em_multi_waker_wait_ops;
    em_wait_all_node_init(&w->node);
    w->multi = m;
    w->happened = happened;
    w->arg = arg;
    return w;
}

/**
 * Awaitable: the next wake that comes after its first poll.
 *
 * Context: task
 * Cancel:  loses nothing but the wake, which was the others' as well
 * Cost:    O(1)
 */
static inline em_multi_waker_wait_future *em_multi_waker_next(em_multi_waker_wait_future *w, em_multi_waker *m)
{
    return em_multi_waker_wait(w, m, NULL, NULL);
}

/* -- for futures written by hand -------------------------------------------------------------------- */

/**
 * Wait, behind all others; who waits already keeps its place. In each poll, before it looks.
 *
 * Context: task
 * Cost:    O(1)
 */
void em_multi_waker_add(em_multi_waker *m, em_wait_all_node *n, em_waker waker);

/** Stop waiting, if it does: before a poll is ready, and in the drop. Context: task. Cost: O(1) */
void em_multi_waker_leave(em_multi_waker *m, em_wait_all_node *n);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Barriers: n tasks wait for one another, again and again.
 *
 * Flow: the last of n em_barrier_wait -> the others, in the order in which they came
 *
 * Rules for barriers:
 *  - static em_barrier b = EM_BARRIER_INIT(3); a zeroed one has no parties and cannot be waited for (asserts).
 *  - It is ready for the next round as soon as the last has come: whoever comes then waits for others of that round.
 *  - One task a round is told that it came last (out is 0): it may do what is to be done once.
 *  - A wait that is dropped before the last came has not come; one that is dropped later has.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_list.h>

typedef struct em_barrier {
    em_wait_list waiters;
    uint32_t parties;
    uint32_t arrived;    /* in this round; they wait */
    uint32_t generation; /* counts rounds: who waits since an earlier one may go on */
    em_lock lock;
} em_barrier;

/* A barrier for n >= 1 tasks. */
#define EM_BARRIER_INIT(n) {.parties = (n)}

typedef struct em_barrier_wait_future {
    em_future future;
    em_wait_node node;
    em_barrier *barrier;
    uint32_t generation;
    uint32_t out;
} em_barrier_wait_future;

extern const em_future_ops em_barrier_wait_ops;

/**
 * Awaitable: all parties have come. out: how many were still missing when this one came; 0 is the last, the leader.
 *
 * Context: task
 * Cancel:  before the last came: this one has not come. Afterwards: loses nothing, the others go on
 * Cost:    O(1); for the last O(parties), one critical section each
 */
static inline em_barrier_wait_future *em_barrier_wait(em_barrier_wait_future *w, em_barrier *b)
{
    w->future.ops = &em_barrier_wait_ops;
    em_wait_node_init(&w->node);
    w->barrier = b;
    return w;
}

/** How many wait for one another. Context: task | isr | any hart */
static inline uint32_t em_barrier_parties(const em_barrier *b)
{
    return b->parties;
}

/** How many of them wait now. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_barrier_arrived(const em_barrier *b)
{
    return b->arrived;
}

/** How often all had come; wraps. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_barrier_generation(const em_barrier *b)
{
    return b->generation;
}

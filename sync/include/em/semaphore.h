/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Semaphores: a number of permits, taken any number at a time.
 *
 * Flow: em_semaphore_release -> the longest waiting tasks, as far as the permits go -> acquire is ready
 *
 * Rules for semaphores:
 *  - FIFO: who asks for many is not overtaken by who asks for few; try_acquire fails while anybody waits.
 *    Where few should pass many: em_greedy_semaphore.
 *  - Releasing more than were acquired adds permits, up to UINT32_MAX (asserts). Permits know no owner:
 *    who does not release them has taken them away for good.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_list.h>

typedef struct em_semaphore {
    em_wait_list waiters;
    uint32_t permits;
    em_lock lock;
} em_semaphore;

/* A semaphore of n permits: static em_semaphore s = EM_SEMAPHORE_INIT(3); */
#define EM_SEMAPHORE_INIT(n) {.permits = (n)}

typedef struct em_semaphore_acquire_future {
    em_future future;
    em_wait_node node;
    em_semaphore *semaphore;
    uint32_t wanted; /* at least */
    uint32_t out;    /* permits had; before, how many at most */
} em_semaphore_acquire_future;

extern const em_future_ops em_semaphore_acquire_ops;

/**
 * Awaitable: the caller has @p n permits. None are had at once. out: @p n
 *
 * Context: task
 * Cancel:  loses nothing: permits already set aside for the dropped wait are released
 * Cost:    O(1)
 */
static inline em_semaphore_acquire_future *em_semaphore_acquire(em_semaphore_acquire_future *a, em_semaphore *s,
                                                                uint32_t n)
{
    a->future.ops = &em_semaphore_acquire_ops;
    em_wait_node_init(&a->node);
    a->semaphore = s;
    a->wanted = n;
    a->out = n;
    return a;
}

/**
 * Awaitable: the caller has all the permits there are when its turn comes, at least @p min. out: how many
 *
 * Context: task
 * Cancel:  loses nothing: permits already set aside for the dropped wait are released
 * Cost:    O(1)
 */
static inline em_semaphore_acquire_future *em_semaphore_acquire_all(em_semaphore_acquire_future *a, em_semaphore *s,
                                                                    uint32_t min)
{
    em_semaphore_acquire(a, s, min);
    a->out = UINT32_MAX;
    return a;
}

/** Take @p n permits if there are so many and nobody waits. Context: task | isr | any hart. Errors: EM_ERR_AGAIN */
EM_MUST_USE int em_semaphore_try_acquire(em_semaphore *s, uint32_t n);

/**
 * Take all the permits if there are at least @p min and nobody waits; *out: how many.
 *
 * Context: task | isr | any hart
 * Errors:  EM_ERR_AGAIN
 * Cost:    O(1)
 */
EM_MUST_USE int em_semaphore_try_acquire_all(em_semaphore *s, uint32_t min, uint32_t *out);

/**
 * Give @p n permits back, or add them.
 *
 * Context: task | isr | any hart
 * Cost:    O(tasks that can go on), one critical section each
 */
void em_semaphore_release(em_semaphore *s, uint32_t n);

/** Make the permits that nobody has @p n, then serve who waits. Context, cost: as em_semaphore_release() */
void em_semaphore_set(em_semaphore *s, uint32_t n);

/** How many permits nobody has. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_semaphore_permits(const em_semaphore *s)
{
    return s->permits;
}

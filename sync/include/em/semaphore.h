/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Semaphores: a number of permits, taken any number at a time.
 *
 * Flow: em_semaphore_release -> the longest waiting tasks, as far as the permits go -> acquire is ready
 *
 * Rules for semaphores:
 *  - FIFO: who asks for many is not overtaken by who asks for few; try_acquire fails while anybody waits.
 *  - Releasing more than were acquired adds permits, up to UINT32_MAX (asserts).
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
    uint32_t wanted;
} em_semaphore_acquire_future;

extern const em_future_ops em_semaphore_acquire_ops;

/**
 * Awaitable: the caller has @p n permits. None are had at once.
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
    return a;
}

/** Take @p n permits if there are so many and nobody waits. Context: task | isr | any hart. Errors: EM_ERR_AGAIN */
EM_MUST_USE int em_semaphore_try_acquire(em_semaphore *s, uint32_t n);

/**
 * Give @p n permits back, or add them.
 *
 * Context: task | isr | any hart
 * Cost:    O(tasks that can go on), one critical section each
 */
void em_semaphore_release(em_semaphore *s, uint32_t n);

/** How many permits nobody has. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_semaphore_permits(const em_semaphore *s)
{
    return s->permits;
}

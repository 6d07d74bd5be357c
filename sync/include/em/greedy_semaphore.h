/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Greedy semaphores: permits for whoever comes when there are enough for it.
 *
 * Flow: em_greedy_semaphore_release -> every waiting task for which there are enough, in order -> acquire is ready
 *
 * Rules for greedy semaphores:
 *  - Few pass many: a request is served as soon as there are enough permits for it, even if a bigger one waits.
 *    Whoever asks for many may so wait for ever. Where that must not be: em_semaphore.
 *  - Of those for whom there are enough, the longest waiting is served first. What was set aside for it nobody
 *    else gets. Who waits sleeps.
 *  - Releasing more than were acquired adds permits, up to UINT32_MAX (asserts). Permits know no owner:
 *    who does not release them has taken them away for good.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_scan.h>

typedef struct em_greedy_semaphore {
    em_wait_scan waiters;
    uint32_t permits;
    em_lock lock;
} em_greedy_semaphore;

/* A semaphore of n permits: static em_greedy_semaphore s = EM_GREEDY_SEMAPHORE_INIT(3); */
#define EM_GREEDY_SEMAPHORE_INIT(n) {.permits = (n)}

typedef struct em_greedy_semaphore_acquire_future {
    em_future future;
    em_wait_node node;
    em_greedy_semaphore *semaphore;
    uint32_t wanted; /* at least */
    uint32_t out;    /* permits had; before, how many at most */
} em_greedy_semaphore_acquire_future;

extern const em_future_ops em_greedy_semaphore_acquire_ops;

/**
 * Awaitable: the caller has @p n permits. None are had at once. out: @p n
 *
 * Context: task
 * Cancel:  loses nothing: permits already set aside for the dropped wait are released
 * Cost:    O(1); a drop after that as em_greedy_semaphore_release()
 */
static inline em_greedy_semaphore_acquire_future *em_greedy_semaphore_acquire(em_greedy_semaphore_acquire_future *a,
                                                                              em_greedy_semaphore *s, uint32_t n)
{
    a->future.ops = &em_greedy_semaphore_acquire_ops;
    em_wait_node_init(&a->node);
    a->semaphore = s;
    a->wanted = n;
    a->out = n;
    return a;
}

/**
 * Awaitable: the caller has all the permits there are, once they are at least @p min. out: how many
 *
 * Context: task
 * Cancel:  loses nothing: permits already set aside for the dropped wait are released
 * Cost:    O(1); a drop after that as em_greedy_semaphore_release()
 */
static inline em_greedy_semaphore_acquire_future *em_greedy_semaphore_acquire_all(em_greedy_semaphore_acquire_future *a,
                                                                                  em_greedy_semaphore *s, uint32_t min)
{
    em_greedy_semaphore_acquire(a, s, min);
    a->out = UINT32_MAX;
    return a;
}

/** Take @p n permits if there are so many. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: O(1) */
EM_MUST_USE int em_greedy_semaphore_try_acquire(em_greedy_semaphore *s, uint32_t n);

/**
 * Take all the permits if there are at least @p min; *out: how many.
 *
 * Context: task | isr | any hart
 * Errors:  EM_ERR_AGAIN
 * Cost:    O(1)
 */
EM_MUST_USE int em_greedy_semaphore_try_acquire_all(em_greedy_semaphore *s, uint32_t min, uint32_t *out);

/**
 * Give @p n permits back, or add them.
 *
 * Context: task | isr | any hart
 * Cost:    O(waiting tasks), one critical section each
 */
void em_greedy_semaphore_release(em_greedy_semaphore *s, uint32_t n);

/** Make the permits that nobody has @p n, then serve who waits. Context, cost: as em_greedy_semaphore_release() */
void em_greedy_semaphore_set(em_greedy_semaphore *s, uint32_t n);

/** How many permits nobody has. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_greedy_semaphore_permits(const em_greedy_semaphore *s)
{
    return s->permits;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * All of several futures. JOIN(&self->join, f0, f1, …) is em_join_init_() with a count check.
 *
 * Flow: JOIN (macros/) -> em_join_init_ -> poll -> the arms
 *
 * Rules for join:
 *  - Every arm that is not done is polled at every wake, from left to right.
 *  - Results stay in the arms' own storage. The arms must not share storage.
 */
#pragma once

#include <em/future.h>

typedef struct em_join {
    em_future future;
    em_future **arms; /* NULL where an arm is done */
    unsigned count;
} em_join;

/* Storage for n arms. */
#define EM_JOIN_TYPE_(n)        \
    typedef struct em_join##n { \
        union {                 \
            em_future future;   \
            em_join base;       \
        };                      \
        em_future *arm[n];      \
    } em_join##n
EM_JOIN_TYPE_(2);
EM_JOIN_TYPE_(3);
EM_JOIN_TYPE_(4);
EM_JOIN_TYPE_(5);
EM_JOIN_TYPE_(6);

extern const em_future_ops em_join_ops;

/**
 * Awaitable: all of the @p n futures in @p arms. With none, ready at once.
 *
 * Context: task
 * Shapes:  @p arms is borrowed until ready or dropped, and overwritten with NULL as the arms get done
 * Cancel:  drops the arms that are not done, from left to right; loses what they lose
 * Cost:    every poll polls the arms that are not done
 */
static inline em_join *em_join_array(em_join *j, em_future **arms, unsigned n)
{
    j->future.ops = &em_join_ops;
    j->arms = arms;
    j->count = n;
    return j;
}

/** For JOIN: copy the @p n arms to behind @p base, in storage of a type above, and join them. Context: task */
void em_join_init_(em_join *base, unsigned n, em_future *const *arms);

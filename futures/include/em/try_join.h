/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * All of several futures, unless one fails. TRY_JOIN(&self->join, f0, f1, …) is em_try_join_init_() with checks.
 *
 * Flow: TRY_JOIN (macros/) -> em_try_join_init_ -> poll -> the arms
 *
 * Rules for try_join:
 *  - Every arm has a result of type int; a negative one is a failure.
 *  - Every arm that is not done is polled at every wake, from left to right, until one fails: then the arms
 *    that are not done are dropped, from left to right.
 *  - Results stay in the arms' own storage. The arms must not share storage.
 */
#pragma once

#include <em/error.h>
#include <em/future.h>

/* One arm: EM_TRY_ARM(f) of a future with an int `out`. */
typedef struct em_try_arm {
    em_future *future; /* NULL: done */
    size_t out_at;     /* where in it the result is */
} em_try_arm;

#define EM_TRY_ARM(f) ((em_try_arm){&(f)->future, EM_OUT_AT_(f)})
#define EM_OUT_AT_(f)                  \
    (offsetof(__typeof__(*(f)), out) + \
     0 * _Generic((f)->out, int : 0, default : (struct TRY_JOIN_needs_results_of_type_int *)0))
struct TRY_JOIN_needs_results_of_type_int;

typedef struct em_try_join {
    em_future future;
    em_try_arm *arms;
    unsigned count;
    int out; /* EM_OK, or the result of the first that failed */
} em_try_join;

/* Storage for n arms. */
#define EM_TRY_JOIN_TYPE_(n)         \
    typedef struct em_try_join##n {  \
        union {                      \
            em_future future;        \
            em_try_join base;        \
            struct {                 \
                em_future future_;   \
                em_try_arm *arms_;   \
                unsigned count_;     \
                int out;             \
            };                       \
        };                           \
        em_try_arm arm[n];           \
    } em_try_join##n
EM_TRY_JOIN_TYPE_(2);
EM_TRY_JOIN_TYPE_(3);
EM_TRY_JOIN_TYPE_(4);
EM_TRY_JOIN_TYPE_(5);
EM_TRY_JOIN_TYPE_(6);

extern const em_future_ops em_try_join_ops;

/**
 * Awaitable: all of the @p n futures in @p arms, or the first failure. out: EM_OK, or that failure. With none, EM_OK.
 *
 * Context: task
 * Shapes:  @p arms is borrowed until ready or dropped, and its futures overwritten with NULL as they get done
 * Cancel:  drops the arms that are not done, from left to right; loses what they lose
 * Cost:    every poll polls the arms that are not done
 */
static inline em_try_join *em_try_join_array(em_try_join *j, em_try_arm *arms, unsigned n)
{
    j->future.ops = &em_try_join_ops;
    j->arms = arms;
    j->count = n;
    return j;
}

/** For TRY_JOIN: copy the @p n arms to behind @p base, in storage of a type above, and join them. Context: task */
void em_try_join_init_(em_try_join *base, unsigned n, const em_try_arm *arms);

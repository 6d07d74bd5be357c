/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The first of several futures. SELECT(&self->sel, f0, f1, …) is em_select_init_() with a count check.
 *
 * Flow: SELECT (macros/) -> em_select_init_ -> poll -> the arms
 *
 * Rules for select:
 *  - The arms are polled from left to right at every wake; the first that is ready wins, and those
 *    after it are not polled any more: earlier arms have priority.
 *  - The losers are dropped, from left to right, before select is ready.
 *  - The arms must not share storage.
 */
#pragma once

#include <em/future.h>

typedef struct em_select {
    em_future future;
    em_future **arms;
    unsigned count;
    int out; /* the index of the winner */
} em_select;

/* Storage for n arms. */
#define EM_SELECT_TYPE_(n)           \
    typedef struct em_select##n {    \
        union {                      \
            em_future future;        \
            em_select base;          \
            struct {                 \
                em_future future_;   \
                em_future **arms_;   \
                unsigned count_;     \
                int out;             \
            };                       \
        };                           \
        em_future *arm[n];           \
    } em_select##n
EM_SELECT_TYPE_(2);
EM_SELECT_TYPE_(3);
EM_SELECT_TYPE_(4);
EM_SELECT_TYPE_(5);
EM_SELECT_TYPE_(6);

extern const em_future_ops em_select_ops;

/**
 * Awaitable: the first of the @p n futures in @p arms; out: its index. With none, never ready.
 *
 * Context: task
 * Shapes:  @p arms is borrowed until ready or dropped
 * Cancel:  drops every arm, from left to right; loses what they lose
 * Cost:    every poll polls the arms up to the winner
 */
static inline em_select *em_select_array(em_select *s, em_future **arms, unsigned n)
{
    s->future.ops = &em_select_ops;
    s->arms = arms;
    s->count = n;
    return s;
}

/** For SELECT: copy the @p n arms to behind @p base, in storage of a type above, and select of them. Context: task */
void em_select_init_(em_select *base, unsigned n, em_future *const *arms);

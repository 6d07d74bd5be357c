/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The first of several futures, each in its turn. SELECT_FAIR(&self->sel, f0, f1, …) is em_select_fair_init_()
 * with a count check; em_first_array() is for many at a time whose losers go on.
 *
 * Flow: SELECT_FAIR (macros/) -> em_select_fair_init_ -> poll -> the arms
 *
 * Rules for fair selects:
 *  - As em/select.h, but polling begins behind the arm that won the last time, and goes round. So an arm that
 *    is ready wins after each of the others has won once, at the latest: a busy arm starves nobody.
 *  - Who won the last time is in the storage: use the same storage again, and for this select only. In a
 *    task's VARS it begins zeroed, at the left; elsewhere it need not be set, and begins anywhere.
 *  - The losers are dropped from left to right. The arms must not share storage.
 */
#pragma once

#include <em/error.h>
#include <em/future.h>

typedef struct em_select_fair {
    em_future future;
    em_future **arms;
    unsigned count;
    int out;        /* the index of the winner */
    unsigned start; /* where polling begins; kept from one use to the next */
} em_select_fair, em_first;

/* Storage for n arms. */
#define EM_SELECT_FAIR_TYPE_(n)        \
    typedef struct em_select_fair##n { \
        union {                        \
            em_future future;          \
            em_select_fair base;       \
            struct {                   \
                em_future future_;     \
                em_future **arms_;     \
                unsigned count_;       \
                int out;               \
            };                         \
        };                             \
        em_future *arm[n];             \
    } em_select_fair##n
EM_SELECT_FAIR_TYPE_(2);
EM_SELECT_FAIR_TYPE_(3);
EM_SELECT_FAIR_TYPE_(4);
EM_SELECT_FAIR_TYPE_(5);
EM_SELECT_FAIR_TYPE_(6);

extern const em_future_ops em_select_fair_ops;
extern const em_future_ops em_first_ops;

/**
 * Awaitable: the first of the @p n futures in @p arms, in turn; out: its index. With none, never ready.
 *
 * Context: task
 * Shapes:  @p arms is borrowed until ready or dropped
 * Cancel:  drops every arm, from left to right; loses what they lose
 * Cost:    every poll polls the arms up to the winner
 */
static inline em_select_fair *em_select_fair_array(em_select_fair *s, em_future **arms, unsigned n)
{
    s->future.ops = &em_select_fair_ops;
    s->arms = arms;
    s->count = n;
    return s;
}

/**
 * Awaitable: the next of the @p n futures in @p arms, in turn; out: its index. The others are not dropped.
 *
 * For many operations at a time: await it again and again. The winner's place is NULL afterwards, and may get
 * another future; a place that is NULL is left out. While the caller awaits something else, the futures wait on.
 * Who may end before all are done, by a cancellation too, calls em_first_drop() in FINALLY.
 *
 * out:     EM_ERR_CLOSED, at once, if every place is NULL
 * Context: task
 * Shapes:  @p arms is borrowed until ready or dropped
 * Cancel:  drops every arm, from left to right; loses what they lose
 * Cost:    every poll polls the arms up to the winner
 */
static inline em_first *em_first_array(em_first *f, em_future **arms, unsigned n)
{
    f->future.ops = &em_first_ops;
    f->arms = arms;
    f->count = n;
    return f;
}

/** Drop those of the @p n futures in @p arms that are left, left to right; NULL is there then. Context: task */
void em_first_drop(em_future **arms, unsigned n);

/** For SELECT_FAIR: copy the @p n arms to behind @p base, in storage of a type above. Context: task */
void em_select_fair_init_(em_select_fair *base, unsigned n, em_future *const *arms);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Waiting for several futures: SELECT, SELECT_FAIR, JOIN, TRY_JOIN, WITH_TIMEOUT. Each is an awaitable, so they nest.
 *
 * Flow: AWAIT(SELECT(&self->sel, f0, f1)) -> em_select_init_ -> futures/select.c -> the arms
 */
#pragma once

#include <em/assert.h>
#include <em/join.h>
#include <em/parts.h>
#include <em/poll_once.h>
#include <em/select.h>
#include <em/select_fair.h>
#include <em/timeout.h>
#include <em/try_join.h>

/** Awaitable: the first of 2 to 6 futures that is ready, polled left to right; out: its index. @p s: an em_selectN */
#define SELECT(s, ...) EM_ARMS_("SELECT", em_select, s, __VA_ARGS__)

/** Awaitable: all of 2 to 6 futures are ready; the results stay in their storage. @p s: an em_joinN */
#define JOIN(s, ...) EM_ARMS_("JOIN", em_join, s, __VA_ARGS__)

/** As SELECT, but polled from behind the last winner on: none starves. Kept in the storage @p s: an em_select_fairN */
#define SELECT_FAIR(s, ...) EM_ARMS_("SELECT_FAIR", em_select_fair, s, __VA_ARGS__)

/** As JOIN, until one of the results, ints all of them, is negative; out: EM_OK or that. @p s: an em_try_joinN */
#define TRY_JOIN(s, ...)                                                 \
    ((__typeof__(s))(void *)em_try_join_arms_(                           \
        &(s)->base, EM_ARMS_CHECKED_("TRY_JOIN", s, EM_COUNT_(__VA_ARGS__)), \
        (em_try_arm const[]){EM_CAT_(EM_TRY_ARMS_, EM_COUNT_(__VA_ARGS__))(__VA_ARGS__)}))

/** After a SELECT, did this storage win? `WON(self->sel, self->rd)` */
#define WON(sel, storage) ((sel).arm[(sel).out] == &(storage).future)

/** Awaitable: @p f, for as long as @p duration; out: EM_OK, or EM_ERR_TIMEOUT with @p f dropped. @p s: an em_timeout */
#define WITH_TIMEOUT(s, duration, f) em_timeout_after_(s, duration, &(f)->future)

/** As WITH_TIMEOUT, until the moment @p instant. */
#define WITH_DEADLINE(s, instant, f) em_timeout_at_(s, instant, &(f)->future)

/** No await: is @p f ready now? If not, it is dropped. True: its result is in its storage */
#define POLL_ONCE(f) em_poll_once(&(f)->future)

/* The cast gives the storage's own type back, so that AWAIT_INTO finds its `out`. */
#define EM_ARMS_(what, type, s, ...)                                   \
    ((__typeof__(s))(void *)type##_arms_(                              \
        &(s)->base, EM_ARMS_CHECKED_(what, s, EM_COUNT_(__VA_ARGS__)), \
        (em_future *const[]){EM_CAT_(EM_FUTURES_, EM_COUNT_(__VA_ARGS__))(__VA_ARGS__)}))
#define EM_ARMS_CHECKED_(what, s, n)                                                \
    (sizeof(struct {                                                                \
         _Static_assert(sizeof((s)->arm) == (n) * sizeof((s)->arm[0]),              \
                        what ": the number of futures is not that of its storage"); \
         char c;                                                                    \
     }) *                                                                           \
     (n))
#define EM_FUTURES_1(f) &(f)->future
#define EM_FUTURES_2(f, ...) &(f)->future, EM_FUTURES_1(__VA_ARGS__)
#define EM_FUTURES_3(f, ...) &(f)->future, EM_FUTURES_2(__VA_ARGS__)
#define EM_FUTURES_4(f, ...) &(f)->future, EM_FUTURES_3(__VA_ARGS__)
#define EM_FUTURES_5(f, ...) &(f)->future, EM_FUTURES_4(__VA_ARGS__)
#define EM_FUTURES_6(f, ...) &(f)->future, EM_FUTURES_5(__VA_ARGS__)
#define EM_FUTURES_7(f, ...) &(f)->future, EM_FUTURES_6(__VA_ARGS__)
#define EM_FUTURES_8(f, ...) &(f)->future, EM_FUTURES_7(__VA_ARGS__)
#define EM_TRY_ARMS_1(f) {&(f)->future, EM_OUT_AT_(f)}
#define EM_TRY_ARMS_2(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_1(__VA_ARGS__)
#define EM_TRY_ARMS_3(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_2(__VA_ARGS__)
#define EM_TRY_ARMS_4(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_3(__VA_ARGS__)
#define EM_TRY_ARMS_5(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_4(__VA_ARGS__)
#define EM_TRY_ARMS_6(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_5(__VA_ARGS__)
#define EM_TRY_ARMS_7(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_6(__VA_ARGS__)
#define EM_TRY_ARMS_8(f, ...) {&(f)->future, EM_OUT_AT_(f)}, EM_TRY_ARMS_7(__VA_ARGS__)

/* Arms of one ONE_OF begin at the same address: they cannot be waited for together. */
static inline void em_check_arms_(unsigned n, em_future *const *arms)
{
    for (unsigned i = 0; EM_CFG_DEBUG && i < n; i++) {
        for (unsigned j = 0; j < i; j++) {
            EM_ASSERT(arms[i] != arms[j]);
        }
    }
}

static inline em_select *em_select_arms_(em_select *base, size_t n, em_future *const *arms)
{
    em_check_arms_((unsigned)n, arms);
    em_select_init_(base, (unsigned)n, arms);
    return base;
}

static inline em_join *em_join_arms_(em_join *base, size_t n, em_future *const *arms)
{
    em_check_arms_((unsigned)n, arms);
    em_join_init_(base, (unsigned)n, arms);
    return base;
}

static inline em_select_fair *em_select_fair_arms_(em_select_fair *base, size_t n, em_future *const *arms)
{
    em_check_arms_((unsigned)n, arms);
    em_select_fair_init_(base, (unsigned)n, arms);
    return base;
}

static inline em_try_join *em_try_join_arms_(em_try_join *base, size_t n, const em_try_arm *arms)
{
    for (unsigned i = 0; EM_CFG_DEBUG && i < n; i++) {
        for (unsigned j = 0; j < i; j++) {
            EM_ASSERT(arms[i].future != arms[j].future);
        }
    }
    em_try_join_init_(base, (unsigned)n, arms);
    return base;
}

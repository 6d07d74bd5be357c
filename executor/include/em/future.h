/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A future: what a task can wait for. Any struct whose first member is `em_future future;`, and whose
 * result, if it has one, is the member `out`.
 *
 * Flow: AWAIT (macros/) -> em_future_poll -> the operation's poll function -> its waker, later em_wake
 *
 * Rules for futures:
 *  1. A constructor only writes its own storage: no registration, no hardware. It returns its storage.
 *  2. poll may be called at any time, spuriously too. EM_PENDING only if the current waker is stored
 *     where the event will find it: store first, test second. A later poll may bring another waker.
 *  3. EM_READY: nothing refers to the storage any more, the result is in `out`; it is neither polled
 *     nor dropped again.
 *  4. drop, of a constructed or pending future: at once, without waiting; afterwards nothing refers to
 *     the storage. NULL where nothing is ever registered. A dropped future may be constructed again.
 *  5. A notification received but not consumed is handed on by drop: no wake-up is lost.
 *  6. Each operation documents what a drop loses. The default is: nothing.
 */
#pragma once

#include <em/check.h>
#include <em/error.h>
#include <stddef.h>
#include <stdint.h>

typedef struct em_task em_task;

/* What a poll function is given: the task that waits. Opaque; good until that poll returns. */
typedef em_task em_context;

/* Wakes one task. One word, copied freely, valid for ever: task slots are static. */
typedef struct em_waker {
    em_task *task;
} em_waker;

/* One machine word in a struct: it costs nothing and makes a stray `return x;` a type error. */
typedef struct em_poll_use_RETURN_in_async_code {
    uintptr_t ready;
} em_poll;
#define EM_PENDING ((em_poll){0})
#define EM_READY ((em_poll){1})

typedef struct em_future em_future;

typedef struct em_future_ops {
    em_poll (*poll)(em_future *f, em_context *cx);
    void (*drop)(em_future *f);
    const char *name;
} em_future_ops;

struct em_future {
    const em_future_ops *ops;
};

#if EM_CFG_CHECKS
/* In a future's operations: it has been ready. Its next constructor takes it away. */
#define EM_FUTURE_DONE_ ((uintptr_t)1)
em_poll em_check_poll_(em_future *f, em_context *cx);
void em_check_drop_(em_future *f);
em_waker em_check_waker_(em_context *cx);
#else
#define EM_FUTURE_DONE_ ((uintptr_t)0)
#endif

/* The operations of a future, also of one that has been ready: for reports. */
static inline __attribute__((always_inline)) const em_future_ops *em_future_ops_(const em_future *f)
{
    return EM_FUTURE_DONE_ ? (const em_future_ops *)((uintptr_t)f->ops & ~EM_FUTURE_DONE_) : f->ops;
}

/* With the option `checks`: has it been ready, and not been constructed again? */
static inline bool em_future_is_done_(const em_future *f)
{
    return ((uintptr_t)f->ops & EM_FUTURE_DONE_) != 0;
}

/** Poll @p f. Context: task. Cost: one indirect call. */
static inline __attribute__((always_inline)) em_poll em_future_poll(em_future *f, em_context *cx)
{
#if EM_CFG_CHECKS
    return em_check_poll_(f, cx);
#else
    return f->ops->poll(f, cx);
#endif
}

/** Drop @p f, which was constructed and has not been ready. Context: task */
static inline void em_future_drop(em_future *f)
{
#if EM_CFG_CHECKS
    em_check_drop_(f);
#else
    if (f->ops->drop) {
        f->ops->drop(f);
    }
#endif
}

/** The waker of the task that is being polled. Context: task. Cost: none. */
static inline __attribute__((always_inline)) em_waker em_context_waker(em_context *cx)
{
#if EM_CFG_CHECKS
    return em_check_waker_(cx);
#else
    return (em_waker){cx};
#endif
}

/** Would the two wake the same task? Context: any */
static inline int em_waker_same(em_waker a, em_waker b)
{
    return a.task == b.task;
}

/**
 * Make the task behind @p waker run soon.
 *
 * Everything written before the call is visible to the poll that it causes. Waking a task that is
 * already queued adds nothing; waking one that is being polled gives exactly one more poll; waking
 * one that has ended, or whose slot has a new tenant, is harmless.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(1), two AMOs, no critical section with one hart
 */
void em_wake(em_waker waker);

/**
 * Wake the task that is being polled, then EM_PENDING: one tail call for YIELD().
 *
 * Takes what a poll function takes, so that the body's arguments stay in their registers; @p body is not used.
 *
 * Context: task
 */
em_poll em_yield_(em_future *body, em_context *cx);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The body of a task or an async function: ASYNC and what may stand inside it.
 *
 * Flow: the executor, or the awaiting body -> ops.poll -> ASYNC jumps to frame_.pc -> AWAIT polls -> EM_PENDING
 *
 * Rules for bodies:
 *  - If it is not `self->…`, it does not survive an AWAIT.
 *  - Never give an awaited operation a pointer to a local.
 *  - Leave with RETURN, clean up in FINALLY, never wait in FINALLY.
 *  - Only aliases before ASYNC: what stands there runs at every resume.
 *  - A loop without an await starves everybody: put a YIELD() in it.
 */
#pragma once

#include <em/arms.h>
#include <em/assert.h>
#include <em/check_await.h>
#include <em/frame.h>
#include <em/parts.h>
#include <em/yield.h>
#include <stdbool.h>

/* The build sets 0 where the lint for stale locals runs (tools/await_lint.py); without it the compiler has to. */
#ifndef EM_STRICT_LOCALS
#define EM_STRICT_LOCALS 1
#endif

/**
 * The async part of a body: `ASYNC { … }`.
 *
 * `break` outside of any loop or switch of its own ends the body, as RETURN() does.
 */
#define ASYNC                    \
    EM_RESUME_(return EM_READY;) \
    EM_BODY_(ASYNC_may_stand_only_once_in_a_body : EM_CHECK_END_ return EM_READY;)

/**
 * As ASYNC, followed by a block that runs exactly once: `ASYNC_TRY { … } FINALLY { … }`.
 *
 * At the end, after a RETURN, or when the frame is dropped, which CANCELLED tells. Not at all if the body
 * never started. It may neither wait nor RETURN.
 */
#define ASYNC_TRY                                        \
    FINALLY_without_ASYNC_TRY:                           \
    EM_RESUME_(goto FINALLY_is_missing_after_ASYNC_TRY;) \
    EM_BODY_(ASYNC_may_stand_only_once_in_a_body : EM_CHECK_END_ break;)

#define FINALLY                                                                                 \
    FINALLY_is_missing_after_ASYNC_TRY:                                                         \
    for (struct FINALLY_may_neither_AWAIT_nor_RETURN AWAIT_is_only_allowed_inside_ASYNC = {0};; \
         AWAIT_is_only_allowed_inside_ASYNC.done = 1)                                           \
        if (AWAIT_is_only_allowed_inside_ASYNC.done) {                                          \
            return EM_READY;                                                                    \
            goto FINALLY_without_ASYNC_TRY;                                                     \
        } else

struct FINALLY_may_neither_AWAIT_nor_RETURN {
    int done;
};

/** In FINALLY: was the frame dropped? */
#define CANCELLED (self->frame_.pc == EM_PC_CANCEL)

/** Wait for the future @p f, a pointer to its storage. Evaluated once. */
#define AWAIT(f) EM_AWAIT_(f, )

/** As AWAIT, then assign the result: `dst = f->out`. @p dst may be a local that is used up before the next await. */
#define AWAIT_INTO(dst, f) EM_AWAIT_(f, (dst) = EM_RESULT_(f);)

/** As AWAIT; a negative result ends this body with that result, as RETURN does. */
#define AWAIT_TRY(f)                      \
    EM_AWAIT_(f, if (EM_RESULT_(f) < 0) { \
        self->out = EM_RESULT_(f);        \
        EM_CHECK_RETURN_                  \
        goto EM_LEAVE_;                   \
    })

/** Let every task that is ready run once. */
#define YIELD()                              \
    do {                                     \
        __label__ em_resume_;                \
        EM_ONLY_INSIDE_ASYNC_;               \
        EM_CHECK_YIELD_                      \
        self->frame_.awaiting = NULL;        \
        EM_MARK_AWAIT_(em_resume_);          \
        EM_SAVE_PC_(em_resume_);             \
        EM_RECORD_AWAIT_                     \
        return em_yield_(&self->future, cx); \
        EM_PHANTOM_CASE_                     \
    em_resume_:;                             \
    } while (0)

/** End the body; `RETURN(value)` gives an async function's result, whose type it is checked against. */
#define RETURN(...)                                                 \
    do {                                                            \
        EM_ONLY_INSIDE_ASYNC_;                                      \
        EM_CAT_(EM_RETURN_, EM_IS_EMPTY_(__VA_ARGS__))(__VA_ARGS__) \
        goto EM_LEAVE_;                                             \
    } while (0)
#define EM_RETURN_0(...) self->out = (__VA_ARGS__); EM_CHECK_RETURN_
#define EM_RETURN_1() (void)sizeof(self->RETURN_needs_a_value_here);

/* -- how it works: docs/MACROS.md --------------------------------------------------------------- */

/* One signed comparison tells a label from EM_PC_START and EM_PC_CANCEL. Clang wants one && in every body. */
#define EM_RESUME_(on_cancel)                  \
    if ((intptr_t)self->frame_.pc > 0)         \
        goto *self->frame_.pc;                 \
    else if (self->frame_.pc != EM_PC_START) { \
    em_cancel_:                                \
        (void)&&em_cancel_;                    \
        on_cancel                              \
    } else

/* The user's block follows. Its end, its `break` and RETURN all come to `leave`, the loop's second turn. */
#define EM_BODY_(leave)                                                                       \
    for (int AWAIT_is_only_allowed_inside_ASYNC = 0;; AWAIT_is_only_allowed_inside_ASYNC = 1) \
        if (AWAIT_is_only_allowed_inside_ASYNC) {                                             \
            goto EM_LEAVE_;                                                                   \
            leave                                                                             \
        } else                                                                                \
            switch (0)                                                                        \
            case 0:
#define EM_LEAVE_ ASYNC_may_stand_only_once_in_a_body

/* Names the marker without reading it: a read would be of an uninitialised local after a resume. */
#define EM_ONLY_INSIDE_ASYNC_ (void)sizeof(AWAIT_is_only_allowed_inside_ASYNC = 0)

#define EM_AWAIT_(f, then)                                      \
    do {                                                        \
        __label__ em_resume_;                                   \
        EM_ONLY_INSIDE_ASYNC_;                                  \
        EM_CHECK_AWAIT_BEGINS_(f)                               \
        self->frame_.awaiting = &(f)->future;                   \
        EM_CHECK_STORAGE_(self->frame_.awaiting);               \
        EM_CHECK_AWAITED_                                       \
        EM_PHANTOM_CASE_                                        \
        EM_MARK_AWAIT_(em_resume_);                             \
    em_resume_:                                                 \
        if (!EM_POLL_AWAITED_.ready) {                          \
            EM_SAVE_PC_(em_resume_);                            \
            EM_RECORD_AWAIT_                                    \
            return EM_PENDING;                                  \
        }                                                       \
        then                                                    \
    } while (0)

#define EM_RESULT_(f) (((__typeof__(f))(void *)self->frame_.awaiting)->out)

/* Through an asm: GCC 12 takes a stored label address for a dangling pointer to a local. */
#define EM_SAVE_PC_(label)          \
    do {                            \
        void *em_pc_ = &&label;     \
        __asm__("" : "+r"(em_pc_)); \
        self->frame_.pc = em_pc_;   \
    } while (0)

/* A record for em_await_line_(): no instruction, no RAM. Linked to this code ("o"), so it goes where the code goes. */
#if defined(__riscv)
#define EM_ASM_LABEL_ "%0"
#else
#define EM_ASM_LABEL_ "%c0"
#endif
#define EM_MARK_AWAIT_(label)                                                                 \
    __asm__ __inline__ volatile(".Lem_await_%=:\n"                                            \
                                ".pushsection em_awaits, \"ao\", %%progbits, .Lem_await_%=\n" \
                                ".balign 4\n"                                                 \
                                ".4byte " EM_ASM_LABEL_ " - ., " EM_TEXT_(__LINE__) "\n"      \
                                ".popsection" ::"i"(&&label))

/* For a recording (em/trace.h): this frame waits. */
#if EM_CFG_TRACE
#define EM_RECORD_AWAIT_ em_trace_await_(&self->frame_);
#else
#define EM_RECORD_AWAIT_
#endif

#define EM_CHECK_STORAGE_(f)                                  \
    do {                                                      \
        if (EM_CFG_DEBUG)                                     \
            em_check_storage_(f, __builtin_frame_address(0)); \
    } while (0)

/*
 * Strict mode: a case that is never executed. It makes the compiler see that control can arrive at an
 * await from outside, so that a local initialised in a scope that contains an await is diagnosed.
 */
#define EM_PRAGMA_(x) _Pragma(#x)
#define EM_PHANTOM_CASE__(compiler)                            \
    EM_PRAGMA_(compiler diagnostic push)                       \
    EM_PRAGMA_(compiler diagnostic error "-Wjump-misses-init") \
    if (0) {                                                   \
    case 0x40000000 + __COUNTER__:                             \
        __builtin_unreachable();                               \
    }                                                          \
    EM_PRAGMA_(compiler diagnostic pop)
#if EM_STRICT_LOCALS && defined(__clang__)
#if __has_warning("-Wjump-misses-init")
#define EM_PHANTOM_CASE_ EM_PHANTOM_CASE__(clang)
#endif
#elif EM_STRICT_LOCALS
#define EM_PHANTOM_CASE_ EM_PHANTOM_CASE__(GCC)
/* GCC 12 only looks for it if it was on once before the locals are declared. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wjump-misses-init"
#pragma GCC diagnostic pop
#endif
#ifndef EM_PHANTOM_CASE_
#define EM_PHANTOM_CASE_
#else
/* In a switch of the user's the phantom is a case like others, and one too many. */
#pragma GCC diagnostic ignored "-Wswitch"
#pragma GCC diagnostic ignored "-Wswitch-bool"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wswitch-outside-range"
#endif
#endif

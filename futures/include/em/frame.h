/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The head of every async function's and task's frame: where it goes on, and what it waits for.
 *
 * Flow: AWAIT (macros/) stores into it -> the resume of the body, em_frame_drop, the dump of await places
 */
#pragma once

#include <em/future.h>

typedef struct em_frame {
    em_future future;
    em_future *awaiting; /* what the body waits for, or NULL */
    void *pc;            /* where the body goes on: EM_PC_START, EM_PC_CANCEL, or the address of a label */
#if EM_CFG_CHECKS
    const em_place *place; /* of the await that it began last, */
    const em_place *outer; /* and of the one around it */
    uint32_t has_begun;    /* that await was not polled yet */
    uint32_t has_returned;
#endif
} em_frame;

/* No code lives at 0 or in the upper half of the address space: one signed comparison tells them from labels. */
#define EM_PC_START NULL
#define EM_PC_CANCEL ((void *)-1)

/* The constant facts of an async function. Its first member is the frame's operations table. */
typedef struct em_fn_type {
    em_future_ops ops;
    const char *file;
} em_fn_type;

/**
 * Drop a frame: drop what it waits for, then run its FINALLY block with CANCELLED set.
 *
 * Nothing happens if the body never started.
 *
 * Context: task
 */
void em_frame_drop(em_future *f);

/**
 * The source line of the await, or YIELD, that @p f goes on at; 0: not started, or cancelled, or unknown.
 *
 * For people: the panic report, a dump of tasks. While the body runs it is the line that it last waited at.
 *
 * Context: any
 * Cost:    O(number of awaits in the program)
 */
unsigned em_await_line_(const em_frame *f);

/** For AWAIT, with -Dtrace=true: @p f goes out to wait. Context: task */
void em_trace_await_(const em_frame *f);

/** For AWAIT, with -Dchecks=true: @p f must not lie on the stack of the body, whose frame address is @p body. */
void em_check_storage_(const em_future *f, const void *body);

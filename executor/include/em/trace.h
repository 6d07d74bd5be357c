/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What happened, for a recording: the hooks, which are nothing at all without the option `trace`.
 *
 * Flow: executor, time, hal, AWAIT -> em_trace_ -> em_trace_record_ (inspect/trace_ring.c) -> tools/em trace
 *
 * Rules for hooks:
 *  - A hook says what is about to happen, or has just begun; a pair says BEGIN and END.
 *  - Its object is something static in the image, or NULL; places are addresses of code.
 *  - Without the option its arguments are not evaluated.
 */
#pragma once

#include <em/config.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are the format of recordings: new ones are added, none changes its meaning. */
enum em_trace_event {
    EM_TRACE_LOST_ = 0,           /* arg: how many were not kept, by who reads; 0: recording was stopped */
    EM_TRACE_SPAWN_ = 1,          /* object: the task, arg: its executor's address */
    EM_TRACE_WAKE_ = 2,           /* the task, from where (an address of code) */
    EM_TRACE_WAKE_AGAIN_ = 3,     /* the same; it was queued already */
    EM_TRACE_POLL_BEGIN_ = 4,     /* the task */
    EM_TRACE_POLL_END_ = 5,       /* the task, 1 if it is done */
    EM_TRACE_AWAIT_ = 6,          /* the future awaited, where: of each frame on the way out, the innermost first */
    EM_TRACE_TASK_END_ = 7,       /* the task, 1 if it was cancelled */
    EM_TRACE_EXECUTOR_BEGIN_ = 8, /* the executor: em_executor_poll() */
    EM_TRACE_EXECUTOR_END_ = 9,   /* the executor */
    EM_TRACE_IDLE_BEGIN_ = 10,    /* the executor: nothing is ready; interrupts come meanwhile, and handlers run */
    EM_TRACE_IDLE_END_ = 11,      /* the executor: there is something to do */
    EM_TRACE_IRQ_BEGIN_ = 12,     /* NULL, its number ([PRIV] table 3.6) */
    EM_TRACE_IRQ_END_ = 13,       /* NULL, its number */
    EM_TRACE_SOURCE_BEGIN_ = 14,  /* NULL, which source of the interrupt controller, within IRQ_BEGIN and IRQ_END */
    EM_TRACE_SOURCE_END_ = 15,    /* NULL, which */
    EM_TRACE_ALARM_ = 16,         /* the executor, the low word of the deadline */
    EM_TRACE_TIMER_DUE_ = 17,     /* the timer, the low word of its deadline; the wake follows */
    EM_TRACE_IPI_ = 18,           /* NULL, the logical hart that is interrupted */
    EM_TRACE_MARK_ = 19,          /* the text, a number: em_trace_mark() */
    EM_TRACE_MARK_BEGIN_ = 20,
    EM_TRACE_MARK_END_ = 21,
    EM_TRACE_LOG_ = 22,     /* the text, how many LOG_ARG follow at once */
    EM_TRACE_LOG_ARG_ = 23, /* object and arg together: 64 bits */
};

/**
 * Keep one event of this hart. Never waits; the oldest makes room. Nothing is kept after em_trace_stop().
 *
 * Context: any
 * Cost:    at most 30 instructions, with those of the call
 */
void em_trace_record_(unsigned long event, const void *object, unsigned long arg);

/** The same with an address of code, or of anything static, for its arg. Context: any */
void em_trace_record_at_(unsigned long event, const void *object, const void *place);

/* For an @p arg that is an address: in a recording they are counted from that function on. */
static inline uint32_t em_trace_address_(const void *p)
{
    return (uint32_t)((uintptr_t)p - (uintptr_t)em_trace_record_);
}

#if EM_CFG_TRACE
#define em_trace_(event, object, arg) em_trace_record_(event, object, arg)
#define em_trace_at_(event, object, place) em_trace_record_at_(event, object, place)
#define em_trace_caller_() __builtin_return_address(0)

/** Nothing is ready, again or still; and no longer, if that was said. Context: the executor's run loop */
void em_trace_idle_begin_(const void *executor);
void em_trace_idle_end_(const void *executor);

/** A handler begins, and ends; @p source: of the interrupt controller, or 0. Also measures it. Context: isr, masked */
void em_trace_irq_begin_(unsigned long irq);
void em_trace_irq_end_(unsigned long irq, unsigned long source);

#else
#define em_trace_(event, object, arg) ((void)0)
#define em_trace_at_(event, object, place) ((void)0)
#define em_trace_caller_() NULL
#define em_trace_idle_begin_(executor) ((void)0)
#define em_trace_idle_end_(executor) ((void)0)
#define em_trace_irq_begin_(irq) ((void)0)
#define em_trace_irq_end_(irq, source) ((void)0)
#endif

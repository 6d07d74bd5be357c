/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The parts of AWAIT, YIELD, RETURN and the end of a body that the option `checks` brings; nothing without it.
 *
 * Flow: AWAIT (macros/) -> here -> futures/check_await.c
 */
#pragma once

#include <em/frame.h>

#if EM_CFG_CHECKS

#define EM_CHECK_RETURNED_ 1u

/* An await begins: from here on it is where the task is. */
void em_check_await_(em_frame *frame, em_context *cx, const em_place *place);
/* What it waits for is known, and nothing of it may be linked, but for this task. */
void em_check_awaited_(const em_frame *frame, em_context *cx);
/* Poll it. */
em_poll em_check_await_poll_(em_frame *frame, em_context *cx);
/* It was dropped. */
void em_check_dropped_(const em_frame *frame);
void em_check_yield_(em_context *cx, const em_place *place);
/* A body that owes a result has ended, at @p place. */
void em_check_returned_(const em_frame *frame, em_context *cx);

#define EM_CHECK_PLACE_(size) \
    static const em_place em_place_ = {.file = __FILE__, .line = __LINE__, .bytes = (uint32_t)(size)}
#define EM_CHECK_AWAIT_BEGINS_(f)      \
    EM_CHECK_PLACE_(sizeof *(f)); \
    em_check_await_(&self->frame_, cx, &em_place_);
#define EM_CHECK_AWAITED_ em_check_awaited_(&self->frame_, cx);
#define EM_POLL_AWAITED_ em_check_await_poll_(&self->frame_, cx)
#define EM_CHECK_YIELD_  \
    EM_CHECK_PLACE_(0); \
    em_check_yield_(cx, &em_place_);

/* A member of the union that begins a frame: no byte more. Its size says whether a result is owed. */
#define EM_CHECK_OWES_(n) char em_owes_[n];
#define EM_CHECK_RETURN_ self->frame_.has_returned = EM_CHECK_RETURNED_;
#define EM_CHECK_END_                      \
    do {                                   \
        if (sizeof self->em_owes_ == 2)    \
            em_check_returned_(&self->frame_, cx); \
    } while (0);

#else

#define em_check_dropped_(frame) ((void)0)
#define EM_CHECK_AWAIT_BEGINS_(f)
#define EM_CHECK_AWAITED_
#define EM_POLL_AWAITED_ em_future_poll(self->frame_.awaiting, cx)
#define EM_CHECK_YIELD_
#define EM_CHECK_OWES_(n)
#define EM_CHECK_RETURN_
#define EM_CHECK_END_

#endif

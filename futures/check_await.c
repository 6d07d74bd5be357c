/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the option `checks` adds to an await: where in the source it is, and what is wrong with what it waits for.
 *
 * Flow: AWAIT (macros/) -> here -> executor/check.c
 */
#include <em/check_await.h>
#include <em/executor.h>

#if EM_CFG_CHECKS

void em_check_await_(em_frame *frame, em_context *cx, const em_place *place)
{
    frame->outer = cx->place;
    frame->place = place;
    frame->has_begun = true;
    cx->place = place;
    cx->last = place;
}

void em_check_awaited_(const em_frame *frame, em_context *cx)
{
    em_check_storage_is_free_(frame->awaiting, frame->place->bytes, cx, EM_CHECK_AWAIT_);
}

em_poll em_check_await_poll_(em_frame *frame, em_context *cx)
{
    bool is_first = frame->has_begun;
    const em_place *outer = is_first ? frame->outer : cx->place;
    uint32_t wakers = cx->wakers;

    frame->has_begun = false;
    cx->place = frame->place;
    em_poll result = em_future_poll(frame->awaiting, cx);
    cx->place = frame->place; /* a future written by hand may have left another one */
    if (result.ready) {
        em_check_storage_is_free_(frame->awaiting, frame->place->bytes, cx, EM_CHECK_READY_);
    } else if (is_first && cx->wakers == wakers && em_atomic_load(&cx->state) >= 0) {
        em_check_failed_(cx, "pending, but nobody has its waker", frame->awaiting->ops->name);
    }
    cx->place = outer;
    return result;
}

void em_check_dropped_(const em_frame *frame)
{
    if (frame->place) { /* not written by hand */
        em_check_storage_is_free_(frame->awaiting, frame->place->bytes, em_running_task(), EM_CHECK_DROPPED_);
    }
}

void em_check_yield_(em_context *cx, const em_place *place)
{
    cx->last = place;
}

void em_check_returned_(const em_frame *frame, em_context *cx)
{
    if (frame->has_returned != EM_CHECK_RETURNED_) {
        em_check_failed_(cx, "ended without RETURN(value)", em_future_ops_(&frame->future)->name);
    }
}

#endif

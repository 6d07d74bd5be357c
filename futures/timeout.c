/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Timeout: a select of a future and a timer that names its result.
 *
 * Flow: WITH_TIMEOUT -> here -> the inner future, time/timer.c
 */
#include <em/timeout.h>

static em_poll timeout_poll(em_future *f, em_context *cx)
{
    em_timeout *t = (em_timeout *)(void *)f;

    if (em_future_poll(t->inner, cx).ready) {
        em_future_drop(&t->timer.future);
        t->out = EM_OK;
        return EM_READY;
    }
    if (em_future_poll(&t->timer.future, cx).ready) {
        em_future_drop(t->inner);
        t->out = EM_ERR_TIMEOUT;
        return EM_READY;
    }
    return EM_PENDING;
}

static void timeout_drop(em_future *f)
{
    em_timeout *t = (em_timeout *)(void *)f;
    em_future_drop(t->inner);
    em_future_drop(&t->timer.future);
}

const em_future_ops em_timeout_ops = {.poll = timeout_poll, .drop = timeout_drop, .name = "timeout"};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Yielding: wake oneself, so that the next batch goes on here. */
#include <em/yield.h>

em_poll em_yield_(em_context *cx)
{
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}

static em_poll yield_poll(em_future *f, em_context *cx)
{
    em_yield *y = (em_yield *)(void *)f;
    if (y->yielded) {
        return EM_READY;
    }
    y->yielded = 1;
    return em_yield_(cx);
}

const em_future_ops em_yield_ops = {.poll = yield_poll, .name = "yield"};

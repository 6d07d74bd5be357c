/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Yielding as a future, for SELECT, JOIN and those who await by hand. */
#include <em/yield.h>

static em_poll yield_poll(em_future *f, em_context *cx)
{
    em_yield *y = (em_yield *)(void *)f;
    if (y->yielded) {
        return EM_READY;
    }
    y->yielded = 1;
    return em_yield_(f, cx);
}

const em_future_ops em_yield_ops = {.poll = yield_poll, .name = "yield"};

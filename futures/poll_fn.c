/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The future of one function. */
#include <em/poll_fn.h>

static em_poll poll_fn_poll(em_future *f, em_context *cx)
{
    em_poll_fn *p = (em_poll_fn *)(void *)f;
    return p->fn(p->arg, cx);
}

const em_future_ops em_poll_fn_ops = {.poll = poll_fn_poll, .name = "poll_fn"};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The late future. */
#include "late.h"

unsigned late_constructed, late_dropped;

static em_poll late_poll(em_future *f, em_context *cx)
{
    late *l = (late *)(void *)f;
    if (l->left == 0) {
        return EM_READY;
    }
    l->left--;
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}

static void late_drop(em_future *f)
{
    (void)f;
    late_dropped++;
}

static const em_future_ops late_ops = {late_poll, late_drop, "late"};

late *late_value(late *l, unsigned polls, int value)
{
    late_constructed++;
    *l = (late){{&late_ops}, polls, value};
    return l;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The leanest wait for an interrupt: a future written by hand, one waker, one flag.
 *
 * Flow: a handler -> irq_flag_raise -> em_wake -> irq_wait_poll -> the task
 */
#pragma once

#include <em/future.h>

/* Set by the handler, taken by the task. */
typedef struct irq_flag {
    em_waker waker;
    volatile uint32_t raised;
} irq_flag;

typedef struct irq_wait {
    em_future future;
    irq_flag *flag;
} irq_wait;

static inline void irq_flag_raise(irq_flag *flag)
{
    flag->raised = 1;
    em_wake(flag->waker);
}

/* Store first, test second: an interrupt between the two wakes. */
static inline em_poll irq_wait_poll(em_future *f, em_context *cx)
{
    irq_flag *flag = ((irq_wait *)(void *)f)->flag;

    flag->waker = em_context_waker(cx);
    if (flag->raised) {
        flag->raised = 0;
        return EM_READY;
    }
    return EM_PENDING;
}

static const em_future_ops irq_wait_ops = {.poll = irq_wait_poll, .name = "irq"};

static inline irq_wait *irq_flag_wait(irq_wait *wait, irq_flag *flag)
{
    wait->future.ops = &irq_wait_ops;
    wait->flag = flag;
    return wait;
}

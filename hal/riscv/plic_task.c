/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An interrupt as a future: masked when it comes, unmasked when it is awaited again.
 *
 * Flow: plic.c -> on_interrupt -> em_wake -> poll;  em_interrupt_next -> poll -> em_interrupt_enable
 */
#include <em/irq.h>

static void on_interrupt(void *arg)
{
    em_interrupt *irq = (em_interrupt *)arg;
    em_interrupt_disable(irq);
    irq->count++;
    if (irq->waker.task) {
        em_wake(irq->waker);
    }
}

void em_interrupt_bind_task(em_interrupt *irq, unsigned source)
{
    em_interrupt_bind(irq, source, on_interrupt, irq);
}

static em_poll wait_poll(em_future *f, em_context *cx)
{
    em_interrupt_wait *wait = (em_interrupt_wait *)(void *)f;
    em_interrupt *irq = wait->irq;

    em_irq masked = em_irq_save();
    uint32_t came = irq->count - irq->seen;
    irq->seen = irq->count;
    irq->waker = came ? (em_waker){NULL} : em_context_waker(cx);
    if (!came) {
        em_interrupt_enable(irq);
    }
    em_irq_restore(masked);
    wait->out = came;
    return came ? EM_READY : EM_PENDING;
}

static void wait_drop(em_future *f)
{
    ((em_interrupt_wait *)(void *)f)->irq->waker.task = NULL;
}

const em_future_ops em_interrupt_wait_ops = {.poll = wait_poll, .drop = wait_drop, .name = "interrupt"};

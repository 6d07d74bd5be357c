/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Interrupts of devices: a handler, or a task that waits, bound to a source of the interrupt controller.
 *
 * Flow: the device -> hal/riscv/plic.c -> the handler -> em_wake;  or -> the task in em_interrupt_next()
 *
 * Rules for interrupts:
 *  - The storage is the user's, static, and bound for ever.
 *  - A handler runs with this hart's interrupts masked, must silence its device, and calls only what says
 *    "Context: isr".
 *  - Each claim is completed exactly once, after the handler; disabling inside a handler is fine.
 */
#pragma once

#include <em/future.h>
#include <em/lock.h>
#include <stdbool.h>

typedef struct em_interrupt {
    struct em_interrupt *next;
    void (*handler)(void *arg);
    void *arg;
    uint32_t source;
    uint32_t priority;
    uint32_t count; /* of em_interrupt_bind_task(): how often it came */
    uint32_t seen;
    em_waker waker;
} em_interrupt;

/**
 * Have @p handler called with @p arg when @p source interrupts, on the hart that calls this. Disabled at first.
 *
 * Context: init | task; a source once (asserts)
 * Shapes:  @p irq: static storage; the newest is found first
 * Cost:    O(1); one more to look at for the interrupts bound before
 */
void em_interrupt_bind(em_interrupt *irq, unsigned source, void (*handler)(void *arg), void *arg);

/**
 * Bind @p source to em_interrupt_next() instead of a handler. Disabled until that is awaited.
 *
 * Context: as em_interrupt_bind()
 */
void em_interrupt_bind_task(em_interrupt *irq, unsigned source);

/** Let it interrupt, with a priority of 1 or what em_interrupt_set_priority() said. Context: task | isr | init */
void em_interrupt_enable(em_interrupt *irq);

/** Keep it from interrupting; what is pending stays pending. Context: task | isr | init */
void em_interrupt_disable(em_interrupt *irq);

/**
 * Set its priority among the controller's pending sources, 1 (low) .. 7, from its next enabling on.
 *
 * Context: task | isr | init
 */
void em_interrupt_set_priority(em_interrupt *irq, unsigned priority);

#if EM_CFG_TRACE
/** Record nothing of the interrupt whose handler was bound with this @p arg. Context: init | task */
void em_interrupt_quiet_(const void *arg);
#endif

/* Storage of em_interrupt_next(). out: how many came since the last time. */
typedef struct em_interrupt_wait {
    em_future future;
    em_interrupt *irq;
    uint32_t out;
} em_interrupt_wait;

extern const em_future_ops em_interrupt_wait_ops;

/**
 * Awaitable: the source has interrupted since the last time this was ready.
 *
 * It is disabled when it comes and enabled when it is awaited again, so that the task may serve a level
 * interrupt in its own time.
 *
 * Context: task; one at a time for each interrupt
 * Cancel:  loses nothing: an interrupt that came is there for the next wait
 * Cost:    O(1)
 */
static inline em_interrupt_wait *em_interrupt_next(em_interrupt_wait *storage, em_interrupt *irq)
{
    storage->future.ops = &em_interrupt_wait_ops;
    storage->irq = irq;
    return storage;
}

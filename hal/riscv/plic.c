/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The platform-level interrupt controller, as this hart's context sees it, and the handlers bound to it.
 *
 * Invariant: a source is enabled in this context from its binding on; it is masked by priority 0. So a
 * completion, which the PLIC ignores for a source that is not enabled, always counts.
 *
 * Flow: em_interrupt_bind -> here;  trap.S or em_port_idle -> em_irq_external_ -> the handler
 * Ref:  [PLIC] 1.0.0: priorities +0, enables +0x2000, threshold and claim/complete +0x200000
 */
#include "csr.h"
#include "hart.h"
#include "irq.h"

#include <em/assert.h>
#include <em/irq.h>
#include <em/trace.h>

static em_interrupt *bound[EM_CFG_MAX_HARTS]; /* each hart's, newest first */
static em_lock lock;

static unsigned this_context(void)
{
    unsigned hart = em_this_hart_physical_();
    return EM_CFG_MODE_S ? PLIC_CONTEXT_S(hart) : PLIC_CONTEXT_M(hart);
}

static volatile uint32_t *priority_of(unsigned source)
{
    return (volatile uint32_t *)PLIC_BASE + source;
}

static volatile uint32_t *enables(unsigned context)
{
    return (volatile uint32_t *)(PLIC_BASE + 0x2000 + 0x80ul * context);
}

static volatile uint32_t *threshold(unsigned context)
{
    return (volatile uint32_t *)(PLIC_BASE + 0x200000 + 0x1000ul * context);
}

static volatile uint32_t *claim(unsigned context)
{
    return threshold(context) + 1;
}

/* In a recording there is nothing of what sends it. */
#if EM_CFG_TRACE
static uint32_t quiet;
#define IF_RECORDED(source, hook) ((source) != quiet ? (hook) : (void)0)
#else
#define IF_RECORDED(source, hook) ((void)0)
#endif

void em_irq_external_(void)
{
    volatile uint32_t *claimed = claim(this_context());
    uint32_t source = *claimed;

    if (source == 0) {
        return; /* another hart was faster, or the device took it back */
    }
    em_interrupt *irq = bound[em_arch_hart()];
    while (irq->source != source) {
        irq = irq->next; /* every enabled source is bound */
    }
    IF_RECORDED(source, em_trace_irq_begin_(IRQ_EXTERNAL));
    IF_RECORDED(source, em_trace_(EM_TRACE_SOURCE_BEGIN_, NULL, source));
    irq->handler(irq->arg);
    IF_RECORDED(source, em_trace_(EM_TRACE_SOURCE_END_, NULL, source));
    *claimed = source;
    IF_RECORDED(source, em_trace_irq_end_(IRQ_EXTERNAL, source));
}

/* Nothing is reset by hardware, and a boot loader was here before: nothing enabled, nothing claimed. */
static void start_context(unsigned context)
{
    for (unsigned word = 0; word <= (PLIC_SOURCES - 1) / 32; word++) {
        enables(context)[word] = 0;
    }
    *threshold(context) = 0;
    csr_set(CSR_IE, 1UL << IRQ_EXTERNAL);
}

void em_interrupt_bind(em_interrupt *irq, unsigned source, void (*handler)(void *arg), void *arg)
{
    EM_ASSERT(source > 0 && source < PLIC_SOURCES);
    unsigned context = this_context();
    em_interrupt **first = &bound[em_arch_hart()];

    em_irq masked = em_lock_acquire(&lock);
    if (!*first) {
        start_context(context);
    }
    for (em_interrupt *i = *first; i; i = i->next) {
        EM_ASSERT(i->source != source);
    }
    irq->next = *first; /* one by one: a compiler that saves room clears it all first, by a call */
    irq->handler = handler;
    irq->arg = arg;
    irq->source = source;
    irq->priority = 1;
    irq->count = 0;
    irq->seen = 0;
    irq->waker.task = NULL;
    *first = irq;
    *priority_of(source) = 0;
    enables(context)[source / 32] |= 1u << (source % 32);
    em_lock_release(&lock, masked);
}

void em_interrupt_enable(em_interrupt *irq)
{
    *priority_of(irq->source) = irq->priority;
}

void em_interrupt_disable(em_interrupt *irq)
{
    *priority_of(irq->source) = 0;
}

void em_interrupt_set_priority(em_interrupt *irq, unsigned priority)
{
    EM_ASSERT(priority >= 1 && priority <= 7);
    irq->priority = priority;
}

#if EM_CFG_TRACE
void em_interrupt_quiet_(const void *arg)
{
    em_irq masked = em_lock_acquire(&lock);
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        for (const em_interrupt *i = bound[hart]; i; i = i->next) {
            quiet = i->arg == arg ? i->source : quiet;
        }
    }
    em_lock_release(&lock, masked);
}
#endif

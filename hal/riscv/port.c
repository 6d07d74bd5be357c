/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor's idle: sleep, then serve what ended the sleep by a plain call, without a trap.
 *
 * Flow: executor.c -> here -> em_irq_timer_ (clint.c, sbi_timer.c), em_irq_external_ (plic.c)
 */
#include "csr.h"
#include "harts.h"
#include "irq.h"

#include <em/poll_limit.h>
#include <em/port.h>

#pragma weak em_irq_timer_
#if EM_CFG_MAX_HARTS == 1 /* with several it is there, for the others to interrupt us */
#pragma weak em_irq_software_
#endif
#pragma weak em_irq_external_

/* No wake is lost, another hart's as harts.h says. Masked, an interrupt that came after the test of the queue is
 * pending, and ends the wfi at once ([PRIV] 3.3.3). One is served here; another one is taken when the run loop
 * unmasks. */
void em_port_idle(struct em_executor *e)
{
#if EM_CFG_MAX_HARTS > 1
    if (em_hart_may_sleep_(e)) {
        __asm__ volatile("wfi" ::: "memory");
    }
    em_hart_wakes_();
#else
    (void)e;
    __asm__ volatile("wfi" ::: "memory");
#endif
    unsigned long pending = csr_read(CSR_IP) & csr_read(CSR_IE);
    if (pending & (1UL << IRQ_TIMER)) {
        em_irq_timer_();
    } else if (pending & (1UL << IRQ_EXTERNAL)) {
        em_irq_external_();
    } else if (pending) {
        em_irq_software_();
    }
}

#if EM_CFG_CHECKS
/* It stays there until the next trap. */
const void *em_limit_pc_(void)
{
    return (const void *)csr_read(CSR_EPC);
}
#endif

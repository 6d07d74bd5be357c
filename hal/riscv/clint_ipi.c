/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The software interrupt of M-mode: the CLINT's msip, one word a hart.
 *
 * Flow: levels.c -> em_ipi_raise_ -> the hardware;  software.c -> em_ipi_clear_
 * Ref:  [PRIV] 3.1.9
 */
#include "hart.h"
#include "ipi.h"

#include <em/trace.h>

static volatile uint32_t *msip(unsigned logical)
{
    return (volatile uint32_t *)CLINT_BASE + em_logical_to_physical_(logical);
}

/*
 * The store takes its time to reach the CLINT, and the interrupt to come back: wait, masked, until mip shows it. The
 * write to mstatus has the hart look at mip before its next instruction.
 */
static void raise_own(void)
{
    em_irq irq = em_irq_save();
    *msip(em_arch_hart()) = 1;
    while (!(csr_read(mip) & (1UL << IRQ_SOFTWARE))) {
    }
    em_irq_restore(irq);
}

void em_ipi_raise_(unsigned hart)
{
    em_trace_(EM_TRACE_IPI_, NULL, hart);
    if (hart == em_arch_hart()) {
        raise_own();
        return;
    }
    __asm__ volatile("fence rw, o" ::: "memory");
    *msip(hart) = 1;
}

void em_ipi_clear_(void)
{
    volatile uint32_t *own = msip(em_arch_hart());
    *own = 0;
    if (EM_CFG_MAX_HARTS > 1) {
        (void)*own; /* the store has arrived: a raise that it overtook would be lost */
        __asm__ volatile("fence io, rw" ::: "memory");
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The doorbell: each software interrupt of this hart sets its signal, from whatever image it came.
 *
 * Flow: another image -> the CLINT -> trap.S or em_port_idle -> em_irq_software_ -> em_signal_set
 * Ref:  [PRIV] 3.1.9
 */
#include "hart.h"
#include "ipi.h"
#include "irq.h"

#include <em/doorbell.h>
#include <em/trace.h>

static em_signal bells[EM_CFG_MAX_HARTS];

void em_doorbell_ring(unsigned physical)
{
    __asm__ volatile("fence rw, o" ::: "memory");
    ((volatile uint32_t *)CLINT_BASE)[physical] = 1;
}

em_signal *em_doorbell(void)
{
    em_ipi_enable_();
    return &bells[em_arch_hart()];
}

/* Instead of software.c's. */
void em_irq_software_(void)
{
    em_trace_irq_begin_(IRQ_SOFTWARE);
    em_ipi_clear_();
    em_signal_set(&bells[em_arch_hart()]);
    em_trace_irq_end_(IRQ_SOFTWARE, 0);
    em_levels_run_();
}

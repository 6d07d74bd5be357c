/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The software interrupt of S-mode: sip.SSIP of the own hart, the SBI for another's.
 *
 * Flow: levels.c -> em_ipi_raise_ -> sip or the SBI;  software.c -> em_ipi_clear_
 * Ref:  [PRIV] 4.1.3: a write to sip has the hart look at it before its next instruction
 */
#include "hart.h"
#include "ipi.h"
#include "sbi.h"

#include <em/trace.h>

void em_ipi_raise_(unsigned hart)
{
    em_trace_(EM_TRACE_IPI_, NULL, hart);
    if (hart == em_arch_hart()) {
        csr_set(sip, 1UL << IRQ_SOFTWARE);
        return;
    }
    __asm__ volatile("fence rw, rw" ::: "memory");
    sbi_call3(SBI_IPI, SBI_IPI_SEND, 1, em_logical_to_physical_(hart), 0);
}

void em_ipi_clear_(void)
{
    csr_clear(sip, 1UL << IRQ_SOFTWARE);
    if (EM_CFG_MAX_HARTS > 1) {
        __asm__ volatile("fence io, rw" ::: "memory");
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The software interrupt of each hart: how harts, and the levels of one hart, call for one another.
 *
 * What it is for is in memory, written before the raise and looked at after the clear.
 *
 * Flow: pend.c's sisters -> em_ipi_raise_ -> the hardware -> em_irq_software_ -> em_ipi_clear_
 */
#pragma once

#include "csr.h"

/**
 * Make the software interrupt of logical hart @p hart pending.
 *
 * What was written before is visible to that hart after its em_ipi_clear_(). For the own hart it is pending on
 * return, and taken by then unless it is masked.
 *
 * Context: task | isr | any hart | init
 */
void em_ipi_raise_(unsigned hart);

/** Take this hart's software interrupt back. A raise that comes later than this returns counts anew. Context: isr */
void em_ipi_clear_(void);

/** Let the software interrupt interrupt this hart. Context: task | isr | init */
static inline void em_ipi_enable_(void)
{
    csr_set(CSR_IE, 1UL << IRQ_SOFTWARE);
}

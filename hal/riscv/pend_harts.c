/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The pender, with several harts: an interrupt for a hart that sleeps, and nothing for one that does not, as it
 * looks at its queue before it sleeps. Nor for the own hart, whose run loop goes on when this is over.
 *
 * In a file of its own: as pend.c.
 *
 * Flow: em_wake -> here -> em_ipi_raise_;  an executor that an interrupt polls: -> levels.c
 */
#include "harts.h"
#include "irq.h"

#include <em/port.h>

#pragma weak em_levels_pend_

void em_port_pend(struct em_executor *e)
{
    if (e->level) {
        em_levels_pend_(e);
        return;
    }
    unsigned hart = (unsigned)em_atomic_load(&e->hart);
    if (hart != em_arch_hart()) {
        em_hart_wake_(hart);
    }
}

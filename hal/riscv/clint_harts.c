/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The other harts in M-mode: they wait in hart_start.S, for their byte and their software interrupt.
 *
 * Flow: harts.c -> here -> em_ipi_raise_ -> hart_start.S
 * Ref:  [PRIV] 3.2.1
 */
#include "hart.h"
#include "harts.h"
#include "ipi.h"

/* By physical number: the logical one of a hart that is wanted. Not in .bss, which is cleared while they wait. */
uint8_t em_hart_go_[8 * sizeof(unsigned)] __attribute__((section(".data")));

/*
 * The CLINT keeps no comparator for a hart that is not there. Of the registers that each has it is the one that
 * wakes nobody: mie.MTIE is not set, and the time never comes.
 */
bool em_hart_can_start_(unsigned physical)
{
    volatile uint64_t *mtimecmp = (volatile uint64_t *)(CLINT_BASE + 0x4000) + physical;
    *mtimecmp = UINT64_MAX;
    return *mtimecmp == UINT64_MAX;
}

void em_hart_start_physical_(unsigned physical, unsigned logical)
{
    *(volatile uint8_t *)&em_hart_go_[physical] = (uint8_t)logical;
    em_ipi_raise_(logical);
}

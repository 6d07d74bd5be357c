/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The vectors of a program with levels, instead of trap.S's: what a handler made ready runs on the handler's frame,
 * without a trap of its own.
 *
 * Flow: levels.c -> em_trap_levels_;  the hardware -> here -> em_irq_timer_, em_irq_external_ -> em_irq_software_
 */
#define LEVELS
#include "trap.S"

/* void em_trap_levels_(void): the software interrupt may come. levels.c calls it, so the vectors are these. */
    .globl em_trap_levels_
em_trap_levels_:
    li t0, 1 << IRQ_SOFTWARE
    csrs CSR_IE, t0
    ret

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The entry of exceptions: all registers on a stack of its own, as the trap may come from a bad stack.
 *
 * Flow: trap.S -> here -> em_trap_unexpected
 */
#include "csr.h"

#define FRAME 256

.macro EACH_BUT_SP op
    \op x1, 8(sp)
    .irp n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \op x\n, 8 * \n(sp)
    .endr
.endm

    .section .text.em_trap_exception_, "ax"
    .globl em_trap_exception_
em_trap_exception_:
#if !EM_CFG_MODE_S /* there trap.S has done it */
    csrw CSR_SCRATCH, sp
#endif
#if EM_CFG_MAX_HARTS == 1
    la sp, __emergency_top - FRAME /* a trap in the report starts over here, and finds it begun */
#else
    lui sp, %hi(__emergency_from_tp - FRAME)
    addi sp, sp, %lo(__emergency_from_tp - FRAME)
    add sp, sp, tp
#endif
    EACH_BUT_SP sd
    csrr t0, CSR_SCRATCH
    sd t0, 16(sp)
    csrr t0, CSR_EPC
    sd t0, 0(sp)
    mv a0, sp
    call em_trap_unexpected

    ld t0, 0(sp)
    csrw CSR_EPC, t0
    EACH_BUT_SP ld
    ld sp, 16(sp)
    XRET

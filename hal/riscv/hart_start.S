/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Harts other than the boot hart: parked until they are started, then to their executor. In images for several.
 *
 * M-mode: all enter with the boot hart, before or after it, and wait here. The boot hart stores em_hart_go_ of a hart
 * that it wants, then raises its software interrupt.
 * S-mode: the firmware has them stopped, and enters em_hart_start_.
 *
 * Flow: start.S -> em_hart_park_ -> em_hart_start_ -> em_hart_main_ (harts.c)
 * Ref:  [SBI] 9.1
 */
#include "start.h"

#define PMP_GUARD_BELOW_STACK 0x88008d00 /* entry 1 as SET_UP_HART has it; entry 3: TOR, locked, nothing allowed */

    .section .text.em_hart_start_, "ax"
#if !EM_CFG_MODE_S
    .globl em_hart_park_
em_hart_park_:
    csrr a0, mhartid
    LA_WITHOUT_GP t2, em_hart_go_
    add t2, t2, a0
    WAIT_FOR_GO
#endif

    .globl em_hart_start_
em_hart_start_: /* a1: its logical number */
    fence.i
    csrw CSR_IE, zero
    csrci CSR_STATUS, STATUS_IE
    LA_WITHOUT_GP gp, __global_pointer$
    lui t0, %hi(__hart_area)
    addi t0, t0, %lo(__hart_area)
    mul t0, t0, a1
    la tp, __stack_top + HART_HEADER
    add tp, tp, t0
    sw a1, HART_NUMBER(tp)
#if EM_CFG_TRACE
    li t2, 64 + 16 * EM_CFG_TRACE_RECORDS /* of a ring (em/trace_ring.h) */
    mul t2, t2, a1
    la t1, em_trace_rings_
    add t2, t2, t1
    START_RING t2
#endif
    addi sp, tp, -HART_HEADER
    la t1, __stack_bottom
    add t1, t1, t0 /* of the own stack; below it is the emergency stack of the hart before */
    SET_UP_HART
#if !EM_CFG_MODE_S
    srli t0, t1, 2
    csrw pmpaddr3, t0
    lui t0, %hi(__emergency_size)
    addi t0, t0, %lo(__emergency_size)
    sub t0, t1, t0
    srli t0, t0, 2
    csrw pmpaddr2, t0
    li t0, PMP_GUARD_BELOW_STACK
    csrw pmpcfg0, t0
#endif
    mv a0, a1
    tail em_hart_main_

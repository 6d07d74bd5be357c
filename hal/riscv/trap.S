/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The vectors, and the entry of interrupts that come while a task runs. (Those that end an idle do not
 * come here: port.c serves them itself.)
 *
 * Flow: the hardware -> here -> em_irq_timer_, em_irq_software_, em_irq_external_;  exceptions ->
 * em_trap_exception_
 *
 * Only what a C function may change is saved, on the stack of the running task. If that stack is bad the
 * store faults, and the exception is taken on a stack of its own. Handlers run with interrupts masked.
 */
#include "csr.h"

#ifndef ROOM_FOR_LEVELS
#define ROOM_FOR_LEVELS 0
#endif
#define REGISTERS 128
#define FP_REGISTERS 176
#define FRAME (REGISTERS + ROOM_FOR_LEVELS)
#define FP_FRAME (FP_REGISTERS + ROOM_FOR_LEVELS)

    .section .text..trap, "ax"
    .balign 64 /* [U74MC] 7.4: of vectors */
#ifdef VECTORS_OF_LEVELS
    .globl em_trap_vectors_
#else
    .weak em_trap_vectors_ /* trap_levels.S has others */
#endif
em_trap_vectors_:
#if EM_CFG_MODE_S
    csrw sscratch, sp /* sp is the one register to work with: the stack may be bad */
    csrr sp, scause
    bgez sp, other
    slli sp, sp, 1 /* the interrupt's number, twice */
    addi sp, sp, -2 * IRQ_TIMER
    beqz sp, on_timer
    addi sp, sp, 2 * (IRQ_TIMER - IRQ_EXTERNAL)
    beqz sp, on_external
    addi sp, sp, 2 * (IRQ_EXTERNAL - IRQ_SOFTWARE)
    beqz sp, on_software
other:
    j em_trap_exception_
#else
    .option push
    .option norvc
    .set cause, 0
    .rept 12
    .if cause == IRQ_SOFTWARE
    j on_software
    .elseif cause == IRQ_TIMER
    j on_timer
    .elseif cause == IRQ_EXTERNAL
    j on_external
    .else
    j em_trap_exception_
    .endif
    .set cause, cause + 1
    .endr
    .option pop
#endif

    .weak em_irq_timer_, em_irq_external_ /* sections.ld: if not linked */

.macro BEGIN
#if EM_CFG_MODE_S
    csrr sp, sscratch
#endif
    addi sp, sp, -FRAME
    sd ra, 0(sp)
.endm

.macro EACH_REGISTER op
    \op t0, 8(sp)
    \op t1, 16(sp)
    \op t2, 24(sp)
    \op a0, 32(sp)
    \op a1, 40(sp)
    \op a2, 48(sp)
    \op a3, 56(sp)
    \op a4, 64(sp)
    \op a5, 72(sp)
    \op a6, 80(sp)
    \op a7, 88(sp)
    \op t3, 96(sp)
    \op t4, 104(sp)
    \op t5, 112(sp)
    \op t6, 120(sp)
.endm

.macro GO_IF_FP target
#ifdef __riscv_flen
    csrr t0, CSR_STATUS
    li t1, STATUS_FS_DIRTY
    and t0, t0, t1
    beq t0, t1, \target
#endif
.endm

#ifdef VECTORS_OF_LEVELS
/* The same, twice as long, with two jumps less. */
.macro ENTRY handler
    BEGIN
    EACH_REGISTER sd
    HANDLER_BEGINS
    GO_IF_FP 1f
    call \handler
    j handled
#ifdef __riscv_flen
1:  jal with_fp
    j \handler
#endif
.endm
#else
.macro ENTRY handler
    BEGIN
    jal save_and_call /* returns here, to be called back by the next jump's target */
    j \handler
.endm
    .weak em_irq_software_
.macro HANDLER_ENDS at
.endm
#endif

on_timer:
    ENTRY em_irq_timer_
on_software:
    ENTRY em_irq_software_
on_external:
    ENTRY em_irq_external_

#ifndef VECTORS_OF_LEVELS
save_and_call:
    EACH_REGISTER sd
    GO_IF_FP with_fp
    jalr ra
#endif
handled:
    HANDLER_ENDS REGISTERS
restore:
    ld ra, 0(sp)
    EACH_REGISTER ld
    addi sp, sp, FRAME
    XRET

#ifdef __riscv_flen
/* The interrupted code uses floating point: keep what a C function may change of it. */
#if __riscv_flen != 64
#error "the trap entry knows the D extension only"
#endif
    .macro EACH_FP op
    \op ft0, 0(sp)
    \op ft1, 8(sp)
    \op ft2, 16(sp)
    \op ft3, 24(sp)
    \op ft4, 32(sp)
    \op ft5, 40(sp)
    \op ft6, 48(sp)
    \op ft7, 56(sp)
    \op ft8, 64(sp)
    \op ft9, 72(sp)
    \op ft10, 80(sp)
    \op ft11, 88(sp)
    \op fa0, 96(sp)
    \op fa1, 104(sp)
    \op fa2, 112(sp)
    \op fa3, 120(sp)
    \op fa4, 128(sp)
    \op fa5, 136(sp)
    \op fa6, 144(sp)
    \op fa7, 152(sp)
    .endm
with_fp:
    addi sp, sp, -FP_FRAME
    EACH_FP fsd
    frcsr t0
    sd t0, 160(sp)
    jalr ra
    HANDLER_ENDS FP_REGISTERS
    ld t0, 160(sp)
    fscsr t0
    EACH_FP fld
    addi sp, sp, FP_FRAME
    j restore
#endif

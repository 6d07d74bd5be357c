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

#define FRAME 128
#define FP_FRAME 176

    .section .text..trap, "ax"
    .balign 64 /* [U74MC] 7.4: of vectors */
#ifdef LEVELS
    .globl em_trap_vectors_
#else
    .weak em_trap_vectors_ /* trap_levels.S */
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
#ifndef LEVELS
    .weak em_irq_software_
#endif

/* Call the handler; then run the levels that it made ready. */
.macro SERVE
    jalr ra
#ifdef LEVELS
    csrr t0, CSR_IP
    andi t0, t0, 1 << IRQ_SOFTWARE
    beqz t0, 1f
    call em_irq_software_
1:
#endif
.endm

.macro ENTRY handler
#if EM_CFG_MODE_S
    csrr sp, sscratch
#endif
    addi sp, sp, -FRAME
    sd ra, 0(sp)
    jal save_and_call /* returns here, to be called back by the next jump's target */
    j \handler
.endm

on_timer:
    ENTRY em_irq_timer_
on_software:
    ENTRY em_irq_software_
on_external:
    ENTRY em_irq_external_

save_and_call:
    sd t0, 8(sp)
    sd t1, 16(sp)
    sd t2, 24(sp)
    sd a0, 32(sp)
    sd a1, 40(sp)
    sd a2, 48(sp)
    sd a3, 56(sp)
    sd a4, 64(sp)
    sd a5, 72(sp)
    sd a6, 80(sp)
    sd a7, 88(sp)
    sd t3, 96(sp)
    sd t4, 104(sp)
    sd t5, 112(sp)
    sd t6, 120(sp)
#ifdef __riscv_flen
    csrr t0, CSR_STATUS
    li t1, STATUS_FS_DIRTY
    and t0, t0, t1
    beq t0, t1, with_fp
#endif
    SERVE
restore:
    ld ra, 0(sp)
    ld t0, 8(sp)
    ld t1, 16(sp)
    ld t2, 24(sp)
    ld a0, 32(sp)
    ld a1, 40(sp)
    ld a2, 48(sp)
    ld a3, 56(sp)
    ld a4, 64(sp)
    ld a5, 72(sp)
    ld a6, 80(sp)
    ld a7, 88(sp)
    ld t3, 96(sp)
    ld t4, 104(sp)
    ld t5, 112(sp)
    ld t6, 120(sp)
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
    SERVE
    ld t0, 160(sp)
    fscsr t0
    EACH_FP fld
    addi sp, sp, FP_FRAME
    j restore
#endif

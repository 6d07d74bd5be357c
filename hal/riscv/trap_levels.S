/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The vectors of a program with levels, instead of trap.S's: what a handler made ready runs on the handler's frame,
 * without a trap of its own.
 *
 * Flow: em_spawner_level -> em_trap_levels_;  the hardware -> here -> em_irq_timer_, em_irq_external_ ->
 * em_executor_poll;  em_port_idle -> em_irq_software_ -> em_levels_run_ -> em_executor_poll
 */
#include "levels.h"
#include "start.h"

/* The address of this hart's levels. Changes t0. */
.macro THIS_LEVELS reg
    la \reg, em_levels_
#if EM_CFG_MAX_HARTS > 1
    lw t0, HART_NUMBER(tp)
    slli t0, t0, LEVELS_SHIFT
    add \reg, \reg, t0
#endif
.endm

/* Poll the executor of the level of this bit. One store: it is running, and no handler is at work any more. */
.macro RUN_LEVEL bit, index
    li t0, ~\bit
    li t2, 2 * \bit - 1
    amoand.w.aqrl zero, t0, (t1)
    sd t2, LEVELS_RUNNING(t1)
    addi a0, t1, LEVELS_EXECUTORS + \index * LEVELS_EXECUTOR_BYTES
    csrsi CSR_STATUS, STATUS_IE
    call em_executor_poll
.endm

/* Masked; t1: this hart's levels, t2: what is pending, t3: what runs. There is room for two words at \at(sp). */
.macro RUN_LEVELS at
    csrr t0, CSR_EPC /* the next trap's would replace it */
    sd t3, \at(sp)
    sd t0, \at + 8(sp)
1:  andi t0, t2, 4
    bnez t0, 4f
    andi t0, t2, 2
    bnez t0, 3f
    RUN_LEVEL 1, 0
2:  csrci CSR_STATUS, STATUS_IE
    THIS_LEVELS t1
    ld t3, \at(sp)
    lw t2, LEVELS_PENDING(t1)
    bgt t2, t3, 1b
    sw t3, LEVELS_RUNNING(t1)
    ld t0, \at + 8(sp)
    csrw CSR_EPC, t0
    li t0, STATUS_INTERRUPTED /* the xret of a trap in between has left the least privileged mode */
    csrs CSR_STATUS, t0
    j 5f
3:  RUN_LEVEL 2, 1
    j 2b
4:  RUN_LEVEL 4, 2
    j 2b
5:
.endm

.macro HANDLER_BEGINS
#if EM_CFG_MAX_HARTS > 1
    THIS_LEVELS t1
    sw ra, LEVELS_IN_TRAP(t1)
#else
    sw ra, em_levels_ + LEVELS_IN_TRAP, t1
#endif
.endm

.macro HANDLER_ENDS at
    THIS_LEVELS t1
    lw t2, LEVELS_PENDING(t1)
    lw t3, LEVELS_RUNNING(t1)
    ble t2, t3, 6f
    RUN_LEVELS \at
    j 7f
6:  sw zero, LEVELS_IN_TRAP(t1)
7:
.endm

#define ROOM_FOR_LEVELS 16
#define VECTORS_OF_LEVELS
#include "trap.S"

/* void em_trap_levels_(void) */
    .globl em_trap_levels_
em_trap_levels_:
    li t0, 1 << IRQ_SOFTWARE
    csrs CSR_IE, t0
    ret

/* void em_levels_run_(void): masked, by em_port_idle(); in a trap it is nothing: HANDLER_ENDS is still to come. */
    .globl em_levels_run_
em_levels_run_:
    THIS_LEVELS t1
    lw t0, LEVELS_IN_TRAP(t1)
    bnez t0, 8f
    addi sp, sp, -32
    sd ra, 16(sp)
    HANDLER_ENDS 0
    ld ra, 16(sp)
    addi sp, sp, 32
8:  ret

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The switch of threads.c: what a function keeps, and the stack. */
    .section .text.threads, "ax"

.macro EACH_SAVED op
    \op ra, 0(sp)
    \op s0, 8(sp)
    \op s1, 16(sp)
    \op s2, 24(sp)
    \op s3, 32(sp)
    \op s4, 40(sp)
    \op s5, 48(sp)
    \op s6, 56(sp)
    \op s7, 64(sp)
    \op s8, 72(sp)
    \op s9, 80(sp)
    \op s10, 88(sp)
    \op s11, 96(sp)
.endm

/* void thread_switch_(void **from, void *to) */
    .globl thread_switch_
thread_switch_:
    addi sp, sp, -112
    EACH_SAVED sd
    sd sp, 0(a0)
    mv sp, a1
    EACH_SAVED ld
    addi sp, sp, 112
    ret

/* The first switch to a thread comes here: s0 is its function, s1 the argument. */
    .globl thread_entry_
thread_entry_:
    csrsi mstatus, 8
    mv a0, s1
    jalr s0
    j thread_exit_

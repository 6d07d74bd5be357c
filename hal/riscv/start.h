/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What every hart sets up for itself. For assembly. */
#pragma once

#include "csr.h"

#include <memory_map.h>

/* What lies around tp with several harts (sections.ld): the hart's number in front, thread-local variables behind. */
#define HART_HEADER 16
#define HART_NUMBER(tp) -8(tp)
#define HART_TRACE_RING(tp) -16(tp) /* with the option `trace`: its address (inspect/trace_write.h) */

/* The address of a symbol while gp is not set yet: relaxing, the linker would count from gp. */
.macro LA_WITHOUT_GP reg, symbol
    .option push
    .option norelax
    la \reg, \symbol
    .option pop
.endm

/* The ring of this hart may be written to (em/trace_ring.h). Changes t1. */
.macro START_RING ring
#if EM_CFG_MAX_HARTS > 1
    sd \ring, HART_TRACE_RING(tp)
#endif
    li t1, 1 << 31 | EM_CFG_TRACE_RECORDS
    sw t1, 4(\ring)
.endm

/* Traps, the guard of the code, floating point. Changes a5. */
.macro SET_UP_HART
    la a5, em_trap_vectors_ + TVEC_MODE
    csrw CSR_TVEC, a5
#if !EM_CFG_MODE_S
    /* Nobody, this mode included, writes from the code to the stack's end (entry 1: TOR, R, X, locked). */
    lui a5, %hi(__text_start_words)
    addi a5, a5, %lo(__text_start_words)
    csrw pmpaddr0, a5
    lui a5, %hi(__stack_bottom_words)
    addi a5, a5, %lo(__stack_bottom_words)
    csrw pmpaddr1, a5
    li a5, 0x8d00
    csrw pmpcfg0, a5
#endif
#ifdef __riscv_flen
    li a5, STATUS_FS_INITIAL
    csrs CSR_STATUS, a5
#endif
.endm

/* Wait until the byte at t2 is not 0; in: a0, mhartid; out: a1, the byte. M-mode only.
 *
 * Who stores it then raises our software interrupt, the only one that ends the wfi. That is cleared before each look:
 * who finds nothing yet has not cleared the one that is still to come. The first look comes before any sleep: a boot
 * ROM that is left by an interrupt may have cleared ours for its own, or left one pending. Changes t0, t1.
 * Ref: [PRIV] 3.1.9, 3.3.3 */
.macro WAIT_FOR_GO
    li t1, CLINT_BASE
    slli t0, a0, 2
    add t1, t1, t0 /* its msip */
    li t0, 1 << IRQ_SOFTWARE
    csrw mie, t0
    j 2f
1:  wfi
2:  sw zero, 0(t1)
    lw t0, 0(t1) /* it has arrived */
    fence io, rw
    lbu a1, 0(t2)
    beqz a1, 1b
.endm

/* The head of an image that U-Boot's `booti` starts as it does Linux, offset bytes behind the begin of the memory.
 * Ref: [LINUX] Documentation/arch/riscv/boot-image-header.rst */
.macro LINUX_IMAGE offset
    .option push
    .option norvc
    j 1f
    .option pop
    .word 0
    .dword \offset
    .dword __bss_end - __text_start
    .dword 0 /* flags: little-endian */
    .word 2 /* version 0.2 */
    .word 0
    .dword 0
    .ascii "RISCV\0\0\0"
    .ascii "RSC\x05"
    .word 0
1:
.endm

/* What a C function's caller expects back, and what we change for ourselves. em_caller_[0], ra, is never 0. */
#define CALLER_TVEC 128
#define CALLER_IE 136
#define CALLER_BYTES 144
.macro EACH_OF_CALLER op
    \op ra, 0(t0)
    \op sp, 8(t0)
    \op gp, 16(t0)
    \op tp, 24(t0)
    \op s0, 32(t0)
    \op s1, 40(t0)
    \op s2, 48(t0)
    \op s3, 56(t0)
    \op s4, 64(t0)
    \op s5, 72(t0)
    \op s6, 80(t0)
    \op s7, 88(t0)
    \op s8, 96(t0)
    \op s9, 104(t0)
    \op s10, 112(t0)
    \op s11, 120(t0)
.endm

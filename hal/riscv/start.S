/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * From reset, the SBI, or U-Boot's `go`, to main().
 *
 * Flow: the first byte of the image -> here -> em_board_init -> main -> em_board_exit
 *
 * In: M-mode, all harts: nothing. S-mode, one hart: a0 its number, a1 the device tree (OpenSBI's convention,
 * and Linux's); from `go`: a0 argc, a1 argv, tp the hart (U-Boot keeps it there). em_board_init() gets a0,
 * a1 and tp as they were.
 */
#include "csr.h"

#include <memory_map.h>

    .section .text..start, "ax"
    .globl _start
_start:
    fence.i /* `fatload` and `go` do none */
    csrw CSR_IE, zero
    csrci CSR_STATUS, STATUS_IE
#if !EM_CFG_MODE_S
    csrr t0, mhartid
    li t1, BOOT_HART
    bne t0, t1, park
#endif

    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, __stack_top
    mv a2, tp
#if EM_CFG_MAX_HARTS == 1
    la tp, __tls_base /* for the C library's errno and the like */
#else
    mv tp, zero /* logical hart 0 (em/arch.h) */
#endif

    la t0, em_trap_vectors_ + TVEC_MODE
    csrw CSR_TVEC, t0
#if !EM_CFG_MODE_S
    /* Nobody, this mode included, writes from the code to the stack's end (entry 1: TOR, R, X, locked). */
    la t0, __text_start
    srli t0, t0, 2
    csrw pmpaddr0, t0
    la t0, __stack_bottom
    srli t0, t0, 2
    csrw pmpaddr1, t0
    li t0, 0x8d00
    csrw pmpcfg0, t0
#endif
#ifdef __riscv_flen
    li t0, STATUS_FS_INITIAL
    csrs CSR_STATUS, t0
#endif

    la t0, __bss_start
    la t1, __bss_end
    j 2f
1:  sd zero, 0(t0)
    addi t0, t0, 8
2:  bltu t0, t1, 1b

    call em_board_init
    csrsi CSR_STATUS, STATUS_IE
    call main
    tail em_board_exit

#if !EM_CFG_MODE_S
park:
    wfi
    j park
#endif

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * From reset, the SBI, or U-Boot's `go`, to main().
 *
 * Flow: the first byte of the image -> here -> em_board_init -> main -> em_board_exit;  other harts -> hart_start.S
 *
 * In: M-mode, all harts: nothing. S-mode, one hart: a0 its number, a1 the device tree (OpenSBI's convention,
 * and Linux's); from `go`: a0 argc, a1 argv, tp the hart (U-Boot keeps it there). em_board_init() gets a0,
 * a1 and tp as they were.
 */
#include "start.h"

#include <memory_map.h>

    .section .text..start, "ax"
    .globl _start
_start:
#if EM_CFG_MODE_S && defined(LINUX_IMAGE_OFFSET)
    LINUX_IMAGE LINUX_IMAGE_OFFSET
#endif
    fence.i /* `fatload` and `go` do none */
#if EM_CFG_MODE_S && defined(KEEP_CALLER)
    LA_WITHOUT_GP t0, em_caller_
    EACH_OF_CALLER sd
    csrr t1, CSR_TVEC
    sd t1, CALLER_TVEC(t0)
    csrr t1, CSR_IE
    sd t1, CALLER_IE(t0)
#endif
    csrw CSR_IE, zero
    csrci CSR_STATUS, STATUS_IE
#if !EM_CFG_MODE_S
    csrr a5, mhartid
#if BOOT_HART != 0
    addi a5, a5, -BOOT_HART
#endif
    bnez a5, park
#endif

    LA_WITHOUT_GP gp, __global_pointer$
    la sp, __stack_top
    mv a2, tp
#if EM_CFG_MAX_HARTS == 1
    la tp, __tls_base /* for the C library's errno and the like */
#else
    la tp, __stack_top + HART_HEADER
    sw zero, HART_NUMBER(tp) /* logical hart 0 (em/arch.h) */
#endif
    SET_UP_HART

#if !EM_CFG_MODE_S && defined(MEMORY_HAS_ECC) /* a store of less than 8 bytes reads: stacks must have been written */
    la t0, __stack_bottom
    la t1, __stacks_end
    j 2f
1:  sd zero, 0(t0)
    addi t0, t0, 8
2:  bltu t0, t1, 1b
#endif
    la t0, __bss_start
    la t1, __bss_end
    j 2f
1:  sd zero, 0(t0)
    addi t0, t0, 8
2:  bltu t0, t1, 1b

#if EM_CFG_TRACE
    la t0, em_trace_rings_
    START_RING t0
#endif

    call em_board_init
#if EM_CFG_MAX_HARTS > 1
    call em_harts_start_
#endif
    csrsi CSR_STATUS, STATUS_IE
    call main
    tail em_board_exit

#if !EM_CFG_MODE_S
park:
#ifdef OTHERS_MAY_GO
    tail em_others_park_
#elif EM_CFG_MAX_HARTS == 1
    wfi
    j park
#else
    tail em_hart_park_
#endif
#endif

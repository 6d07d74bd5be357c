/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The way back to a boot loader that called us as a function, as U-Boot's `go` does: boards that name KEEP_CALLER.
 *
 * Flow: start.S (KEEP_CALLER) -> em_caller_;  em_board_exit -> em_return_to_caller_ -> U-Boot
 */
#include "start.h"

    .section .data.em_caller_, "aw" /* not .bss, which is cleared later */
    .balign 8
    .globl em_caller_
em_caller_:
    .zero CALLER_BYTES

    .section .text.em_return_to_caller_, "ax"
    .globl em_return_to_caller_
em_return_to_caller_: /* a0: what the caller gets */
    csrw CSR_IE, zero
    csrci CSR_STATUS, STATUS_IE
    la t0, em_caller_
    EACH_OF_CALLER ld
    ld t1, CALLER_TVEC(t0)
    csrw CSR_TVEC, t1
    ld t1, CALLER_IE(t0)
    csrw CSR_IE, t1
    fence.i /* it may load other code to where we are */
    ret

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What every hart sets up for itself. For assembly. */
#pragma once

#include "csr.h"

/* What lies around tp with several harts (sections.ld): the hart's number in front, thread-local variables behind. */
#define HART_HEADER 16
#define HART_NUMBER(tp) -8(tp)

/* Traps, the guard of the code, floating point. Changes t0. */
.macro SET_UP_HART
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
.endm

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The U74s in the S7's image: they wait until there is another image for them, and enter that.
 *
 * em_others_go_ is set before their software interrupt is raised.
 *
 * Flow: start.S -> em_others_park_ -> the first byte of the other image;  em_others_start -> here
 */
#include "start.h"

#include <memory_map.h>

#define FIRST 1
#define LAST 4

    .section .text.em_others_park_, "ax"
    .globl em_others_park_
em_others_park_:
    csrr a0, mhartid
    LA_WITHOUT_GP t2, em_others_go_
    WAIT_FOR_GO
    fence.i
    la t0, __big_start
    jr t0

    .section .text.em_others_start, "ax"
    .globl em_others_start
em_others_start:
    la t0, em_others_go_
    li t1, 1
    sw t1, 0(t0)
    fence rw, o
    li t0, CLINT_BASE + 4 * FIRST
    li t2, CLINT_BASE + 4 * LAST
1:  sw t1, 0(t0)
    addi t0, t0, 4
    bleu t0, t2, 1b
    ret

    .section .data.em_others_go_, "aw" /* not in .bss, which is cleared while they wait */
    .balign 4
em_others_go_:
    .word 0

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What tools/with_hart0 puts behind U-Boot's SPL, whose first instruction then comes here: hart 0 stays, the others go
 * on as if nothing had been.
 *
 * The S7 cannot enter OpenSBI, which has LR/SC, and U-Boot leaves it asleep in the SPL, for ever. Here it sleeps as
 * well, but where it can be called: in the LIM above SPL's stacks, with the interrupts of its PLIC context as the only
 * ones that wake it, and none enabled until somebody in S-mode enables one.
 *
 * Not linked into any image; position-independent. Registers a0 to a7 stay what they were: they are SPL's arguments.
 *
 * Flow: boot ROM -> SPL's first instruction -> here -> SPL;  em_small_start -> the mailbox -> the image for hart 0
 * Ref:  [U74MC] 13: the LIM is written before it is read, by whole doublewords;
 *       [PRIV] 3.3.3: an interrupt that is enabled ends wfi, also where it is not taken
 */
#include "hart0.h"
#include "memory_map.h"

#define LIM 0x08000000
#define MIE_EXTERNAL (1 << 11)

    .option norvc
    .globl _start
_start:
    j 1f
spl_word: /* what SPL begins with: tools/with_hart0 */
    .word 0
passed:
    .word 0

1:  csrr t0, mhartid
    la t1, passed
    beqz t0, hart0
2:  lw t0, (t1)
    beqz t0, 2b
    fence r, rw
3:  fence.i
    li t0, LIM
    jr t0

hart0: /* t1: passed */
    li t0, LIM
    lw t2, spl_word
    sw t2, (t0)
    li t3, HART0_WAITS_AT
    la t0, waits
    la t4, waits_end
4:  ld t2, (t0)
    sd t2, (t3)
    addi t0, t0, 8
    addi t3, t3, 8
    bltu t0, t4, 4b
    li t0, PLIC_BASE + 0x2000
    li t3, PLIC_BASE + 0x2000 + (PLIC_SOURCES + 31) / 32 * 4
5:  sw zero, (t0)
    addi t0, t0, 4
    bltu t0, t3, 5b
    li t0, PLIC_BASE + 0x200000
    sw zero, (t0)
    li t0, MIE_EXTERNAL
    csrw mie, t0
    li t0, HART0_WAITS_AT
    csrw mtvec, t0 /* not into the boot ROM, which would load anew */
    fence rw, rw
    li t0, 1
    sw t0, (t1)
    fence.i
    li t0, HART0_WAITS_AT + 8
    jr t0

    .balign 8
waits: /* two instructions for who is lost: what woke it was a fault */
    wfi
    j waits
    li t0, HART0_MAILBOX
    sd zero, HART0_ENTRY_OFFSET(t0)
    li t1, HART0_WAITING
    fence w, w
    sd t1, HART0_WAITING_OFFSET(t0)
6:  ld t1, HART0_ENTRY_OFFSET(t0)
    bnez t1, 7f
    wfi
    j 6b
7:  fence r, rw
    fence.i
    jr t1
    .balign 8
waits_end:

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_port_idle, wrapped by the linker: sleep here, outside of anything that is counted, then go on into the
 * real one, whose wfi finds its interrupt pending and takes one instruction.
 *
 * Flow: the run loop -> here: stamp, hook, wfi, stamp -> the real em_port_idle
 */
    .section .text.bench_idle, "ax"
    .globl __wrap_em_port_idle
__wrap_em_port_idle:
    csrr t0, mcycle /* counted up to here */
    addi sp, sp, -16
    sd ra, 0(sp)
    sd a0, 8(sp)
    mv a0, t0
    call bench_sleeps_
    wfi
    ld ra, 0(sp)
    ld a0, 8(sp)
    addi sp, sp, 16
    la t1, bench_resume_at
    csrr t0, mcycle /* counted from here, without the two that follow: bench.c */
    sd t0, 0(t1)
    .option push
    .option norvc
    j __real_em_port_idle
    .option pop

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * QEMU's machine sifive_u: where things are, and how they are wired. For C and for assembly.
 *
 * Ref: the device tree of `-machine sifive_u,dumpdtb=`; node and property behind each line
 */
#pragma once

#define BOOT_HART 1       /* hart 0 is of another kind: no floating point, no S-mode (hal/sifive_u_small) */
#define USABLE_HARTS 0x1e /* bit by hart */

#define CLINT_BASE 0x02000000 /* /soc/clint reg */
#define PLIC_BASE 0x0c000000  /* /soc/interrupt-controller reg */
#define PLIC_SOURCES 53       /* /soc/interrupt-controller riscv,ndev */
#define PLIC_CONTEXT_M(hart) ((hart) ? 2 * (hart) - 1 : 0) /* interrupts-extended: M of hart 0; M, S of 1; ... */
#define PLIC_CONTEXT_S(hart) (2 * (hart))

#define UART0_BASE 0x10010000 /* /soc/serial@10010000 reg */
#define UART0_IRQ 4           /* /soc/serial@10010000 interrupts */
#define UART0_BAUD 115200

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * QEMU's machine virt: where things are, and how they are wired. For C and for assembly.
 *
 * Ref: the device tree of `-machine virt,dumpdtb=`; node and property behind each line
 */
#pragma once

#define BOOT_HART 0 /* of M-mode, where all harts enter; in S-mode the firmware chooses */
#define USABLE_HARTS 0xff /* bit by hart: of the kind that images are built for; who is not there is found missing */

#define CLINT_BASE 0x02000000  /* /soc/clint reg */
#define PLIC_BASE 0x0c000000   /* /soc/plic reg */
#define PLIC_SOURCES 96        /* /soc/plic riscv,ndev */
#define PLIC_CONTEXT_M(hart) (2 * (hart))     /* /soc/plic interrupts-extended: M, S of hart 0, of hart 1, ... */
#define PLIC_CONTEXT_S(hart) (2 * (hart) + 1)

#define UART0_BASE 0x10000000 /* /soc/serial reg */
#define UART0_IRQ 10          /* /soc/serial interrupts */
#define UART0_CLOCK_HZ 3686400 /* /soc/serial clock-frequency; QEMU ignores it */

#define TEST_BASE 0x00100000  /* /soc/test reg, sifive,test1 */

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Control and status registers of the mode that this image is built for; for C and for assembly.
 *
 * Ref: [PRIV] 3.1 (machine), 4.1 (supervisor)
 */
#pragma once

#include <em_config.h>

#if EM_CFG_MODE_S
#define CSR_STATUS sstatus
#define CSR_IE sie
#define CSR_IP sip
#define CSR_TVEC stvec
#define CSR_SCRATCH sscratch
#define CSR_EPC sepc
#define CSR_CAUSE scause
#define CSR_TVAL stval
#define XRET sret
#define STATUS_IE 2 /* sstatus.SIE */
#define STATUS_INTERRUPTED 0x120 /* SPP, SPIE: as an interrupt of S-mode, which was unmasked, leaves it */
#define TVEC_MODE 0 /* one entry: OpenSBI 1.1 hands exceptions on to what stvec holds, mode bits and all */
#define IRQ_SOFTWARE 1
#define IRQ_TIMER 5
#define IRQ_EXTERNAL 9
#else
#define CSR_STATUS mstatus
#define CSR_IE mie
#define CSR_IP mip
#define CSR_TVEC mtvec
#define CSR_SCRATCH mscratch
#define CSR_EPC mepc
#define CSR_CAUSE mcause
#define CSR_TVAL mtval
#define XRET mret
#define STATUS_IE 8 /* mstatus.MIE */
#define STATUS_INTERRUPTED 0x1880 /* MPP, MPIE: as an interrupt of M-mode, which was unmasked, leaves it */
#define TVEC_MODE 1 /* interrupts by vector */
#define IRQ_SOFTWARE 3
#define IRQ_TIMER 7
#define IRQ_EXTERNAL 11
#endif

#define STATUS_FS_INITIAL (1 << 13)
#define STATUS_FS_DIRTY (3 << 13)

#ifndef __ASSEMBLER__
#define CSR_TEXT_(csr) #csr
#define CSR_TEXT(csr) CSR_TEXT_(csr)

#define csr_read(csr)                                                     \
    ({                                                                    \
        unsigned long value_;                                             \
        __asm__ volatile("csrr %0, " CSR_TEXT(csr) : "=r"(value_)::"memory"); \
        value_;                                                           \
    })
#define csr_set(csr, bits) __asm__ volatile("csrs " CSR_TEXT(csr) ", %0" ::"rK"(bits) : "memory")
#define csr_clear(csr, bits) __asm__ volatile("csrc " CSR_TEXT(csr) ", %0" ::"rK"(bits) : "memory")
#endif

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Calls of the supervisor binary interface.
 *
 * Ref: [SBI] 1.0: calling convention 3, timer 6, inter-processor interrupts 7, hart state management 9
 */
#pragma once

#include <stdint.h>

#define SBI_TIME 0x54494d45
#define SBI_TIME_SET_TIMER 0
#define SBI_IPI 0x735049
#define SBI_IPI_SEND 0 /* mask of harts, number of the mask's first */
#define SBI_HSM 0x48534d
#define SBI_HSM_HART_START 0 /* hart, address, what it gets as a1 */
#define SBI_HSM_HART_GET_STATUS 2
#define SBI_HSM_STARTED 0
#define SBI_HSM_STOPPED 1

typedef struct sbi_result {
    long error;
    long value;
} sbi_result;

static inline sbi_result sbi_call(unsigned long extension, unsigned long function, unsigned long arg)
{
    register unsigned long a0 __asm__("a0") = arg;
    register unsigned long a1 __asm__("a1");
    register unsigned long a6 __asm__("a6") = function;
    register unsigned long a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "=r"(a1) : "r"(a6), "r"(a7) : "memory");
    return (sbi_result){(long)a0, (long)a1};
}

static inline sbi_result sbi_call3(unsigned long extension, unsigned long function, unsigned long arg0,
                                   unsigned long arg1, unsigned long arg2)
{
    register unsigned long a0 __asm__("a0") = arg0;
    register unsigned long a1 __asm__("a1") = arg1;
    register unsigned long a2 __asm__("a2") = arg2;
    register unsigned long a6 __asm__("a6") = function;
    register unsigned long a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (sbi_result){(long)a0, (long)a1};
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bring-up and end of QEMU's sifive_u. It has no device to exit by: semihosting, if QEMU was given that.
 *
 * Flow: start.S -> em_board_init;  em_board_exit -> the console's drain -> QEMU
 * Ref:  [SEMIHOSTING] SYS_EXIT
 */
#include "boot.h"
#include "uart_core.h"

#include <em/arch.h>

#define SYS_EXIT 0x18
#define APPLICATION_EXIT 0x20026

void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp)
{
    (void)a0, (void)a1, (void)tp; /* every device works from reset */
}

static void semihosting(unsigned long operation, const void *argument)
{
    register unsigned long a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;
    __asm__ volatile(".option push\n.option norvc\n.balign 16\n"
                     "slli zero, zero, 0x1f\nebreak\nsrai zero, zero, 7\n.option pop"
                     : "+r"(a0) : "r"(a1) : "memory");
}

_Noreturn void em_board_exit(int status)
{
    unsigned long block[2] = {APPLICATION_EXIT, (unsigned)status & 0xff};

    em_irq_disable();
    em_uart_drain_console_();
    semihosting(SYS_EXIT, block);
    for (;;) {
        __asm__ volatile("wfi");
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the core does not do in the LIM, by what the console says: 'l' and 's' misaligned, 'r' LR, 't' the time CSR, 'd'
 * the DRAM, which nobody has set up. And 'g': the bytes of the smallest region that the PMP knows ([PRIV] 3.7.1); 'u':
 * what nobody has written.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>

static uint64_t words[2];

static unsigned long pmp_grain(void)
{
    unsigned long value = ~0ul;
    __asm__ volatile("csrw pmpaddr7, %0\n\tcsrr %0, pmpaddr7\n\tcsrw pmpaddr7, zero" : "+r"(value));
    return 4 * (value & -value);
}

MAIN(VARS(em_uart_read_future rd; char what))
{
    ASYNC {
        AWAIT(em_uart_read(&self->rd, em_board_console(), &self->what, 1));
        uint64_t value = 0;
        if (self->what == 'l') {
            __asm__ volatile("ld %0, 1(%1)" : "=r"(value) : "r"(words) : "memory");
        } else if (self->what == 's') {
            __asm__ volatile("sd %0, 1(%1)" ::"r"(value), "r"(words) : "memory");
        } else if (self->what == 'r') {
            __asm__ volatile("lr.w %0, (%1)" : "=r"(value) : "r"(words) : "memory");
        } else if (self->what == 't') {
            __asm__ volatile("rdtime %0" : "=r"(value));
        } else if (self->what == 'd') {
            value = *(volatile uint64_t *)0x40000000;
        } else if (self->what == 'g') {
            em_print("%lu bytes\n", pmp_grain());
        } else if (self->what == 'u') {
            em_print("%lx\n", *(volatile unsigned long *)0x08180000);
        }
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The 16550 without interrupts, rings or locks: for the panic report. */
#include "uart16550_regs.h"

void em_uart16550_put_polled(const em_uart16550_traits *t, char c)
{
    while (!(uart_get(t, UART_LSR) & UART_LSR_THRE)) {
    }
    uart_set(t, UART_THR, (uint8_t)c);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What Synopsys' DW_apb_uart does otherwise than a 16550.
 *
 * - It ignores a write of LCR while it is busy, and raises interrupt "busy detect", which only a read of USR clears.
 * - It raises "receive timeout" with an empty FIFO, for ever, until RBR is read.
 *
 * Flow: uart16550.c -> here
 * Ref:  [LINUX] drivers/tty/serial/8250/8250_dw.c: dw8250_check_lcr, dw8250_handle_irq
 */
#include "uart16550_regs.h"

#include <em/assert.h>

#define LONG_ENOUGH 1000000 /* tries; a character takes some thousand */

void em_uart_dw_interrupt_(const em_uart16550_traits *t, uint32_t cause, uint32_t lsr)
{
    if (cause == UART_IIR_BUSY_DETECT) {
        uart_get(t, UART_USR);
    } else if (cause == UART_IIR_RX_TIMEOUT && !(lsr & (UART_LSR_DR | UART_LSR_BI))) {
        uart_get(t, UART_RBR);
    }
}

/* Being received from keeps it busy, too: empty the FIFO, as the drivers that work do. */
void em_uart_dw_set_lcr_(const em_uart16550_traits *t, uint32_t value)
{
    uart_set(t, UART_LCR, value);
    for (unsigned tries = 0; uart_get(t, UART_LCR) != value; tries++) {
        EM_ASSERT(tries < LONG_ENOUGH);
        uart_get(t, UART_USR);
        uart_set(t, UART_LCR, value);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The console of a board whose console is a 16550 that works from reset, or from a boot loader on. */
#include "uart16550.h"

static uint8_t rx_ring[256];
static uint8_t tx_ring[1024];
static em_uart16550 console = EM_UART16550_INIT(&em_console_traits_, rx_ring, tx_ring);

em_uart *em_board_console(void)
{
    if (!console.uart.started) {
        em_uart16550_start(&console);
        em_uart_at_exit_ = &console.uart;
    }
    return &console.uart;
}

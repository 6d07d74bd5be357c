/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The console of QEMU's virt: the one 16550. */
#include "board.h"

#include <memory_map.h>

const em_uart16550_traits em_console_traits_ = {
    .base = UART0_BASE, .stride_shift = 0, .width = 1, .rx_trigger = 3, .irq = UART0_IRQ,
    .clock_hz = UART0_CLOCK_HZ, .baud = 115200};

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

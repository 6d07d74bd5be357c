/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The console of the VisionFive 2: UART0, on pins 8 and 10 of the header, as the boot ROM and U-Boot use it. */
#include "board.h"

#include <memory_map.h>

const em_uart16550_traits em_console_traits_ = {
    .base = UART_BASE(0), .stride_shift = 2, .width = 4, .rx_trigger = 2, .designware = true, .irq = UART_IRQ(0),
    .clock_hz = UART_OSC_HZ, .baud = 115200};

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

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The console of the VisionFive 2: UART0, on pins 8 and 10 of the header, as the boot ROM and U-Boot use it. */
#include "uart16550.h"

#include <memory_map.h>

const em_uart16550_traits em_console_traits_ = {
    .base = UART_BASE(0), .stride_shift = 2, .width = 4, .rx_trigger = 2, .designware = true, .irq = UART_IRQ(0),
    .clock_hz = UART_OSC_HZ, .baud = 115200};

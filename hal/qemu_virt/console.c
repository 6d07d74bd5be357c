/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The console of QEMU's virt: the one 16550. */
#include "uart16550.h"

#include <memory_map.h>

const em_uart16550_traits em_console_traits_ = {
    .base = UART0_BASE, .stride_shift = 0, .width = 1, .rx_trigger = 3, .irq = UART0_IRQ,
    .clock_hz = UART0_CLOCK_HZ, .baud = 115200};

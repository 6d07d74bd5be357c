/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The S7's console: UART1, on pins 13 and 11 of the header, since UART0 is the U74s'. Nobody has brought it up.
 *
 * Flow: em_board_console -> pinmux.c, crg.c -> uart16550.c;  em_report_sink_ -> the port, by polling
 * Ref:  [VF2DT] jh7110.dtsi, serial@10010000
 */
#include "../jh7110/crg.h"
#include "report.h"
#include "uart16550.h"

#include <em/pinmux.h>
#include <memory_map.h>

const em_uart16550_traits em_console_traits_ = {
    .base = UART_BASE(CONSOLE_UART), .stride_shift = 2, .width = 4, .rx_trigger = 2, .designware = true,
    .irq = UART_IRQ(CONSOLE_UART), .clock_hz = UART_OSC_HZ, .baud = 115200};

static const em_crg_needs needs = {&em_crg_sys,
                                   {UART_CLOCK_APB(CONSOLE_UART), UART_CLOCK_CORE(CONSOLE_UART)},
                                   {UART_RESET_APB(CONSOLE_UART), UART_RESET_CORE(CONSOLE_UART)}};

static uint8_t rx_ring[256];
static uint8_t tx_ring[1024];
static em_uart16550 console = EM_UART16550_INIT(&em_console_traits_, rx_ring, tx_ring);

em_uart *em_board_console(void)
{
    if (!console.uart.started) {
        em_pinmux_in((em_pin){CONSOLE_RX}, EM_IN_UART1_RX, EM_GPIO_PULL_UP);
        em_crg_bring_up(&needs);
        em_uart16550_start(&console);
        em_pinmux_out((em_pin){CONSOLE_TX}, EM_OUT_UART1_TX, EM_ENABLE_ALWAYS);
        em_uart_at_exit_ = &console.uart;
    }
    return &console.uart;
}

/* A report may be the first that is said. */
static void put(em_sink *sink, char c)
{
    (void)sink;
    em_board_console();
    em_uart16550_put_polled(&em_console_traits_, c);
}

em_sink em_report_sink_ = {put};

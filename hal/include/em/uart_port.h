/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The UARTs of a board besides its console. Boards that have some (jh7110: 1 to 5).
 *
 * Flow: em_uart_open -> hal/<board>/uart_port.c -> clocks, resets, pins, then as the console (em/uart.h)
 */
#pragma once

#include <em/gpio.h>
#include <em/uart.h>

/* How a port is to be. Copied but for the rings, which stay: static storage, sizes powers of two. */
typedef struct em_uart_setup {
    em_pin tx;
    em_pin rx;
    uint32_t baud;
    uint8_t *rx_ring;
    uint8_t *tx_ring;
    uint32_t rx_size;
    uint32_t tx_size;
} em_uart_setup;

/**
 * Bring UART @p number up, 8N1, and bind its interrupt to this hart. @p out: the port.
 *
 * Context: init | task
 * Shapes:  tx is driven, rx pulled up, from here on
 * Errors:  EM_ERR_INVAL  no such port, or its clock does not give this baud rate within 3 %; EM_ERR_BUSY  it is open
 * Cost:    O(1); jh7110, ports 3 to 5: some ms, in which the clock is measured, with interrupts masked for each of them
 */
EM_MUST_USE int em_uart_open(unsigned number, const em_uart_setup *setup, em_uart **out);

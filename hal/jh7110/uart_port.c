/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * UART 1 to 5: nobody has switched them on, released them, or given them pins.
 *
 * The order: the pin that is received from first, since an input without one reads as a break; clocks; resets; the
 * port; and last the pin that is sent to, when the line is idle.
 *
 * Flow: em_uart_open -> pinmux.c, crg.c, uart_clock.c -> uart16550.c
 * Ref:  [VF2DT] jh7110.dtsi, serial@...: clocks, resets
 */
#include "uart_port.h"

#include "crg.h"

#include <em/assert.h>
#include <em/pinmux.h>
#include <em/uart_port.h>

static const struct {
    uint8_t tx, rx;
} signals[UARTS] = {
    {EM_OUT_UART0_TX, EM_IN_UART0_RX}, {EM_OUT_UART1_TX, EM_IN_UART1_RX}, {EM_OUT_UART2_TX, EM_IN_UART2_RX},
    {EM_OUT_UART3_TX, EM_IN_UART3_RX}, {EM_OUT_UART4_TX, EM_IN_UART4_RX}, {EM_OUT_UART5_TX, EM_IN_UART5_RX},
};

static em_uart16550 ports[UARTS];
static em_uart16550_traits traits[UARTS];
static int32_t taken[UARTS];

static void bring_up(unsigned n)
{
    const em_crg_needs needs = {&em_crg_sys,
                                {(uint8_t)UART_CLOCK_APB(n), (uint8_t)UART_CLOCK_CORE(n)},
                                {(uint8_t)UART_RESET_APB(n), (uint8_t)UART_RESET_CORE(n)}};
    em_crg_bring_up(&needs);
}

static bool gives(uint32_t clock_hz, uint32_t baud)
{
    if (baud == 0 || baud > clock_hz / 16) {
        return false;
    }
    uint32_t divisor = (clock_hz + 8 * baud) / (16 * baud);
    uint32_t real = clock_hz / (16 * divisor);
    uint32_t error = real > baud ? real - baud : baud - real;
    return divisor <= 0xffff && error <= baud / 100 * 3;
}

static void describe(em_uart16550_traits *t, unsigned n, const em_uart_setup *setup)
{
    *t = (em_uart16550_traits){.base = UART_BASE(n), .stride_shift = 2, .width = 4, .rx_trigger = 2,
                               .designware = true, .irq = (uint16_t)UART_IRQ(n), .clock_hz = UART_OSC_HZ,
                               .baud = setup->baud};
    if (n >= UART_FIRST_DIVIDED) {
        t->clock_hz = em_uart_measure_clock_(t);
    }
}

static bool is_power_of_two(uint32_t n)
{
    return n && !(n & (n - 1));
}

int em_uart_open(unsigned n, const em_uart_setup *setup, em_uart **out)
{
    EM_ASSERT(is_power_of_two(setup->rx_size) && is_power_of_two(setup->tx_size));
    if (n == 0 || n >= UARTS) {
        return EM_ERR_INVAL;
    }
    if (em_atomic_swap(&taken[n], 1)) {
        return EM_ERR_BUSY;
    }
    em_pinmux_in(setup->rx, (em_pinmux_input)signals[n].rx, EM_GPIO_PULL_UP);
    bring_up(n);
    describe(&traits[n], n, setup);
    if (!gives(traits[n].clock_hz, setup->baud)) {
        em_atomic_store(&taken[n], 0);
        return EM_ERR_INVAL;
    }
    em_uart *u = &ports[n].uart;
    ports[n].traits = &traits[n];
    u->ops = &em_uart16550_ops;
    u->rx_ring = setup->rx_ring, u->rx_size = setup->rx_size;
    u->tx_ring = setup->tx_ring, u->tx_size = setup->tx_size;
    em_uart16550_start(&ports[n]);
    em_pinmux_out(setup->tx, (em_pinmux_output)signals[n].tx, EM_ENABLE_ALWAYS);
    *out = u;
    return EM_OK;
}

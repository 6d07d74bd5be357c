/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The clock of a UART, measured: how long characters take that are looped back. UART 3 to 5 have a divided clock, whose
 * source and divider firmware chooses, and whose divider's fraction is not documented.
 *
 * Flow: uart_port.c -> here -> the hardware, em_time_driver_now
 */
#include "uart16550_regs.h"
#include "uart_port.h"

#include <em/assert.h>
#include <em/time_driver.h>

#define DIVISOR 16
#define CHARACTERS 16 /* what the FIFO holds */
#define CLOCKS (CHARACTERS * 10ull * 16 * DIVISOR) /* 0.7 ms at 60 MHz */
#define ROUNDS 4 /* the shortest counts: others were interrupted by who does not ask us */
#define LONG_ENOUGH 10000000 /* reads */

#define FCR_EMPTY 6 /* both FIFOs */

static void set_divisor(const em_uart16550_traits *t)
{
    em_uart_dw_set_lcr_(t, UART_LCR_DLAB);
    uart_set(t, UART_DLL, DIVISOR);
    uart_set(t, UART_DLM, 0);
    em_uart_dw_set_lcr_(t, UART_LCR_8N1);
}

static uint64_t time_of_characters(const em_uart16550_traits *t)
{
    uart_set(t, UART_FCR, UART_FCR_FE | FCR_EMPTY);
    em_irq irq = em_irq_save();
    uint64_t start = em_time_driver_now();
    for (unsigned i = 0; i < CHARACTERS; i++) {
        uart_set(t, UART_THR, 0);
    }
    for (unsigned reads = 0; !(uart_get(t, UART_LSR) & UART_LSR_TEMT); reads++) {
        EM_ASSERT(reads < LONG_ENOUGH);
    }
    uint64_t took = em_time_driver_now() - start;
    em_irq_restore(irq);
    return took;
}

uint32_t em_uart_measure_clock_(const em_uart16550_traits *t)
{
    uint64_t shortest = UINT64_MAX;

    uart_set(t, UART_IER, 0);
    uart_set(t, UART_MCR, UART_MCR_LOOP);
    set_divisor(t);
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t took = time_of_characters(t);
        shortest = took < shortest ? took : shortest;
    }
    uart_set(t, UART_FCR, 0);
    return (uint32_t)(CLOCKS * EM_TICK_HZ / (shortest ? shortest : 1));
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The 16550 and its relatives: what a board says about one, and the driver's object. */
#pragma once

#include "uart_core.h"

#include <em/irq.h>

/* The constant facts of one port. */
typedef struct em_uart16550_traits {
    uintptr_t base;
    uint8_t stride_shift; /* registers are 1 << stride_shift bytes apart */
    uint8_t width;        /* of an access: 1 or 4 bytes */
    uint8_t rx_trigger;   /* interrupt at 0: 1, 1: 4, 2: 8, 3: 14 bytes of 16; the rest is the time to react */
    bool designware;      /* a DW_apb_uart, which has its own mind about LCR and two interrupts (uart16550_dw.c) */
    uint16_t irq;
    uint32_t clock_hz;
    uint32_t baud;
} em_uart16550_traits;

typedef struct em_uart16550 {
    em_uart uart;
    const em_uart16550_traits *traits;
    em_interrupt irq;
    uint32_t errors; /* seen in LSR by whoever read it, and not dealt with yet */
} em_uart16550;

extern const em_uart_ops em_uart16550_ops;

/* Of the console: the board says it (its console.c), uart16550_console.c and uart16550_report.c use it. */
extern const em_uart16550_traits em_console_traits_;

/* The constant part of a port and its rings, whose sizes are powers of two. */
#define EM_UART16550_INIT(traits_, rx_, tx_)                                                          \
    {                                                                                                 \
        .uart = {.ops = &em_uart16550_ops, .rx_ring = (rx_), .tx_ring = (tx_), .rx_size = sizeof(rx_), \
                 .tx_size = sizeof(tx_)},                                                             \
        .traits = (traits_)                                                                           \
    }

/** Set the port up, if that is still to be done, and bind its interrupt to this hart. Context: task | isr | init */
void em_uart16550_start(em_uart16550 *port);

/** Send one byte by waiting for the hardware: for reports when nothing else works. Context: any */
void em_uart16550_put_polled(const em_uart16550_traits *traits, char c);

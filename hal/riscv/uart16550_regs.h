/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The registers of the 16550.
 *
 * Ref: [16550] TI PC16550D 8
 */
#pragma once

#include "uart16550.h"

#define UART_RBR 0 /* read: receive buffer */
#define UART_THR 0 /* write: transmit holding */
#define UART_IER 1
#define UART_IIR 2 /* read */
#define UART_FCR 2 /* write */
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_USR 31 /* of the DW_apb_uart */
#define UART_DLL 0 /* with LCR_DLAB */
#define UART_DLM 1

#define UART_IER_RDI (1 << 0)  /* received data */
#define UART_IER_THRI (1 << 1) /* transmit holding register, the FIFO, empty */
#define UART_IER_RLSI (1 << 2) /* receiver line status: one of UART_LSR_ERRORS */
#define UART_FCR_FE (1 << 0)
#define UART_FCR_TRIGGER 6 /* shift: interrupt at 1, 4, 8, 14 of 16 bytes, or after four silent byte times */
#define UART_IIR_ID 0xf
#define UART_IIR_BUSY_DETECT 0x7
#define UART_IIR_RX_TIMEOUT 0xc
#define UART_IIR_FIFOS (3 << 6)
#define UART_LCR_8N1 3
#define UART_LCR_DLAB (1 << 7)
#define UART_MCR_DTR_RTS_OUT2 0x0b
#define UART_MCR_LOOP (1 << 4)
#define UART_LSR_DR (1 << 0)
#define UART_LSR_OE (1 << 1)
#define UART_LSR_PE (1 << 2)
#define UART_LSR_FE (1 << 3)
#define UART_LSR_BI (1 << 4)
#define UART_LSR_ERRORS (UART_LSR_OE | UART_LSR_PE | UART_LSR_FE | UART_LSR_BI) /* reading LSR clears them */
#define UART_LSR_THRE (1 << 5)
#define UART_LSR_TEMT (1 << 6)

#define UART_FIFO_BYTES 16

static inline uint32_t uart_get(const em_uart16550_traits *t, unsigned reg)
{
    uintptr_t address = t->base + ((uintptr_t)reg << t->stride_shift);
    return t->width == 4 ? *(const volatile uint32_t *)address : *(const volatile uint8_t *)address;
}

static inline void uart_set(const em_uart16550_traits *t, unsigned reg, uint32_t value)
{
    uintptr_t address = t->base + ((uintptr_t)reg << t->stride_shift);
    if (t->width == 4) {
        *(volatile uint32_t *)address = value;
    } else {
        *(volatile uint8_t *)address = (uint8_t)value;
    }
}

/** The causes of an interrupt that only a DW_apb_uart has: of UART_IIR, and of LSR after it. Context: its interrupt */
void em_uart_dw_interrupt_(const em_uart16550_traits *t, uint32_t cause, uint32_t lsr);

/** Write LCR of a DW_apb_uart, which ignores that while it is busy. Context: init | task. Cost: waits for the line */
void em_uart_dw_set_lcr_(const em_uart16550_traits *t, uint32_t value);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A UART whose hardware is two arrays that the test moves bytes through by hand: the driver's side of
 * hal/common/uart_core.h.
 */
#pragma once

#include "uart_core.h"

#define FAKE_RX_RING 16
#define FAKE_TX_RING 32

typedef struct fake_uart {
    em_uart uart;
    uint8_t rx_ring[FAKE_RX_RING];
    uint8_t tx_ring[FAKE_TX_RING];
    uint8_t line[4096];    /* on its way to the receiver */
    size_t line_length;
    size_t line_taken;
    uint8_t out[1 << 20];  /* what left by the line */
    size_t out_length;
    bool at_once;          /* the hardware takes whatever is in the ring at once, and does not interrupt for it */
    bool shifting;         /* the last byte is still on the line */
} fake_uart;

/* All empty, nobody waits. */
void fake_uart_begin(fake_uart *f);

/* The hardware interrupts: what is on the line is received, as far as there is room. */
void fake_uart_receive(fake_uart *f);

/* Put bytes on the line, then fake_uart_receive(). */
void fake_uart_type(fake_uart *f, const void *bytes, size_t n);

/* The line has an event at this place. */
void fake_uart_event(fake_uart *f, uint8_t events);

/* The hardware interrupts: it sends up to n bytes, and, if there was none, says that it is done. */
void fake_uart_send(fake_uart *f, size_t n);

/* Send all, and be done. */
void fake_uart_send_all(fake_uart *f);

/* What left by the line is exactly this; forget it. */
bool fake_uart_sent_is(fake_uart *f, const void *bytes, size_t n);

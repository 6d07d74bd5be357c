/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The fake UART: see fake_uart.h. */
#include "fake_uart.h"

#include <string.h>

static fake_uart *of(em_uart *u)
{
    return (fake_uart *)(void *)u;
}

static void take_line(fake_uart *f)
{
    em_uart *u = &f->uart;
    uint32_t head = u->rx_head;
    while (f->line_taken < f->line_length && em_uart_rx_room_(u)) {
        em_uart_rx_put_(u, f->line[f->line_taken++]);
    }
    u->rx_stalled = f->line_taken < f->line_length;
    em_uart_received_(u, head);
}

static void transmit(fake_uart *f, size_t n)
{
    em_uart *u = &f->uart;
    uint32_t tail = u->tx_tail;
    while (n-- > 0 && em_uart_tx_pending_(u)) {
        f->out[f->out_length++] = em_uart_tx_take_(u);
    }
    if (tail != u->tx_tail) {
        em_uart_transmitted_(u, tail);
    } else if (u->tx_busy && !em_uart_tx_pending_(u)) {
        em_uart_tx_done_(u);
    }
}

static void kick(em_uart *u)
{
    if (of(u)->at_once) {
        transmit(of(u), FAKE_TX_RING);
    }
    if (!u->rx_stalled) {
        take_line(of(u));
    }
}

static bool line_idle(em_uart *u)
{
    return !of(u)->shifting;
}

static void drain(em_uart *u)
{
    fake_uart_send_all(of(u));
}

static const em_uart_ops ops = {.kick = kick, .line_idle = line_idle, .drain = drain};

void fake_uart_begin(fake_uart *f)
{
    memset(f, 0, sizeof *f);
    f->uart = (em_uart){.ops = &ops, .rx_ring = f->rx_ring, .tx_ring = f->tx_ring, .rx_size = FAKE_RX_RING,
                        .tx_size = FAKE_TX_RING, .byte_ticks = 10};
    /* so that the indices wrap in every test */
    f->uart.rx_head = f->uart.rx_tail = UINT32_MAX - 20;
    f->uart.tx_head = f->uart.tx_tail = f->uart.tx_reserved = UINT32_MAX - 40;
}

void fake_uart_receive(fake_uart *f)
{
    em_irq irq = em_lock_acquire(&f->uart.lock);
    take_line(f);
    em_lock_release(&f->uart.lock, irq);
}

void fake_uart_type(fake_uart *f, const void *bytes, size_t n)
{
    if (f->line_taken == f->line_length) {
        f->line_taken = f->line_length = 0;
    }
    memcpy(f->line + f->line_length, bytes, n);
    f->line_length += n;
    fake_uart_receive(f);
}

void fake_uart_event(fake_uart *f, uint8_t events)
{
    em_irq irq = em_lock_acquire(&f->uart.lock);
    em_uart_rx_event_(&f->uart, events);
    em_lock_release(&f->uart.lock, irq);
}

void fake_uart_send(fake_uart *f, size_t n)
{
    em_irq irq = em_lock_acquire(&f->uart.lock);
    transmit(f, n);
    em_uart_end_irq_(&f->uart, irq);
}

void fake_uart_send_all(fake_uart *f)
{
    do {
        fake_uart_send(f, 16);
    } while (f->uart.tx_busy);
}

bool fake_uart_sent_is(fake_uart *f, const void *bytes, size_t n)
{
    bool same = f->out_length == n && memcmp(f->out, bytes, n) == 0;
    if (!same) {
        em_print("# sent %u bytes: %.*s\n", (unsigned)f->out_length, (int)f->out_length, (const char *)f->out);
    }
    f->out_length = 0;
    return same;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The console of QEMU's sifive_u: a driver of the SiFive UART, between the rings of uart.c and its FIFOs.
 *
 * Invariant, with the lock: IE is what set_interrupts() makes of tx_busy and rx_stalled.
 *
 * Flow: uart.c -> kick -> the hardware;  plic.c -> on_interrupt -> em_uart_received_, em_uart_transmitted_
 * Ref:  [FU540] UART
 */
#include "report.h"
#include "uart_core.h"

#include <em/irq.h>
#include <memory_map.h>

#define REG(offset) (*(volatile uint32_t *)(UART0_BASE + (offset)))
#define TXDATA REG(0x00)
#define RXDATA REG(0x04)
#define TXCTRL REG(0x08)
#define RXCTRL REG(0x0c)
#define IE REG(0x10)
#define IP REG(0x14)

#define TXDATA_FULL (1u << 31)
#define RXDATA_EMPTY (1u << 31)
#define CTRL_ENABLE 1u
#define CTRL_WATERMARK(n) ((n) << 16)
#define TXWM 1u
#define RXWM 2u

static void receive(em_uart *u)
{
    uint32_t head = u->rx_head;
    while (IP & RXWM) {
        if (!em_uart_rx_room_(u)) {
            u->rx_stalled = true;
            u->counters.rx_stalls++;
            break;
        }
        em_uart_rx_put_(u, (uint8_t)RXDATA);
    }
    em_uart_received_(u, head);
}

/* The FIFO is empty: put some in, or be done. */
static void transmit(em_uart *u)
{
    uint32_t tail = u->tx_tail;
    for (int i = 0; i < 8 && em_uart_tx_pending_(u); i++) {
        TXDATA = em_uart_tx_take_(u);
    }
    if (tail != u->tx_tail) {
        em_uart_transmitted_(u, tail);
    } else {
        em_uart_tx_done_(u);
    }
}

static void set_interrupts(em_uart *u)
{
    IE = (u->rx_stalled ? 0 : RXWM) | (u->tx_busy ? TXWM : 0);
}

static void kick(em_uart *u)
{
    if (em_uart_tx_pending_(u) && (IP & TXWM)) {
        transmit(u);
    }
    set_interrupts(u);
}

static void on_interrupt(void *arg)
{
    em_uart *u = (em_uart *)arg;
    em_irq irq = em_lock_acquire(&u->lock);
    if (!u->rx_stalled) {
        receive(u);
    }
    if (u->tx_busy && (IP & TXWM)) {
        transmit(u);
    }
    set_interrupts(u);
    em_uart_end_irq_(u, irq);
}

/* It does not say when the last bit is out: this is the FIFO only. */
static bool line_idle(em_uart *u)
{
    (void)u;
    return (IP & TXWM) != 0;
}

static void put_polled(em_sink *sink, char c)
{
    (void)sink;
    while (TXDATA & TXDATA_FULL) {
    }
    TXDATA = (uint8_t)c;
}

em_sink em_report_sink_ = {put_polled};

static void drain(em_uart *u)
{
    bool claimed = em_uart_claim_(u);
    while (em_uart_tx_pending_(u)) {
        put_polled(&em_report_sink_, (char)em_uart_tx_take_(u));
    }
    em_uart_unclaim_(u, claimed);
}

static const em_uart_ops ops = {.kick = kick, .line_idle = line_idle, .drain = drain};
static uint8_t rx_ring[256];
static uint8_t tx_ring[1024];
static em_uart console = {.ops = &ops, .rx_ring = rx_ring, .tx_ring = tx_ring, .rx_size = sizeof rx_ring,
                          .tx_size = sizeof tx_ring};

em_uart *em_board_console(void)
{
    static em_interrupt uart_irq;

    em_irq irq = em_lock_acquire(&console.lock);
    bool start = !console.started;
    console.started = true;
    em_lock_release(&console.lock, irq);
    if (start) {
        console.byte_ticks = (10ull * EM_TICK_HZ + UART0_BAUD - 1) / UART0_BAUD;
        TXCTRL = CTRL_ENABLE | CTRL_WATERMARK(1u); /* TXWM: nothing in the FIFO */
        RXCTRL = CTRL_ENABLE;                      /* RXWM: something in it */
        em_interrupt_bind(&uart_irq, UART0_IRQ, on_interrupt, &console);
        em_interrupt_enable(&uart_irq);
        irq = em_lock_acquire(&console.lock);
        set_interrupts(&console);
        em_lock_release(&console.lock, irq);
        em_uart_at_exit_ = &console;
    }
    return &console;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The 16550 driver: between the rings of uart.c and the FIFOs, both ways by interrupt.
 *
 * Invariant, with the lock: IER.THRI is set if and only if uart.tx_busy; IER.RDI and RLSI are clear if and
 * only if uart.rx_stalled. LSR is read by read_lsr() only, which keeps the errors that the read clears; who
 * reads it goes on to receive() if there are any, as their interrupt is cleared, too.
 *
 * The transmitter is started by hand in kick: an interrupt "empty" that came before there was something to
 * send is not repeated. The port may be on a bus whose interrupts are edges.
 *
 * Flow: uart.c -> kick -> the hardware;  plic.c -> on_interrupt -> em_uart_received_, em_uart_transmitted_
 */
#include "uart16550_regs.h"

static em_uart16550 *port_of(em_uart *u)
{
    return (em_uart16550 *)(void *)u;
}

static uint32_t read_lsr(em_uart16550 *port)
{
    uint32_t lsr = uart_get(port->traits, UART_LSR);
    port->errors |= lsr & UART_LSR_ERRORS;
    return lsr;
}

/* The events of the byte that is next in the FIFO; they are dealt with. */
static uint8_t take_byte_events(em_uart16550 *port)
{
    uint32_t errors = port->errors & (UART_LSR_PE | UART_LSR_FE | UART_LSR_BI);
    port->errors &= ~errors;
    if (errors & UART_LSR_BI) {
        return EM_UART_BREAK; /* which is a framing error, too */
    }
    return (uint8_t)((errors & UART_LSR_PE ? EM_UART_PARITY : 0) | (errors & UART_LSR_FE ? EM_UART_FRAMING : 0));
}

/* Take what the receiver has, as far as there is room. */
static void receive(em_uart *u)
{
    em_uart16550 *port = port_of(u);
    uint32_t head = u->rx_head;

    while (read_lsr(port) & UART_LSR_DR) {
        if (!em_uart_rx_room_(u)) {
            u->rx_stalled = true;
            u->counters.rx_stalls++;
            break;
        }
        uint8_t events = take_byte_events(port);
        uint8_t byte = (uint8_t)uart_get(port->traits, UART_RBR);
        if (events) {
            em_uart_rx_event_(u, events);
        } else {
            em_uart_rx_put_(u, byte);
        }
    }
    em_uart_received_(u, head);
    if ((port->errors & UART_LSR_OE) && !u->rx_stalled) {
        port->errors &= ~(uint32_t)UART_LSR_OE;
        em_uart_rx_event_(u, EM_UART_OVERRUN); /* what is lost was behind all that the FIFO held */
    }
}

/* Read LSR for the transmitter's sake. */
static uint32_t look_at_transmitter(em_uart *u)
{
    uint32_t lsr = read_lsr(port_of(u));
    if (port_of(u)->errors && !u->rx_stalled) {
        receive(u);
    }
    return lsr;
}

/* The FIFO is empty: fill it, or be done. */
static void transmit(em_uart *u, const em_uart16550_traits *t)
{
    uint32_t tail = u->tx_tail;
    for (int i = 0; i < UART_FIFO_BYTES && em_uart_tx_pending_(u); i++) {
        uart_set(t, UART_THR, em_uart_tx_take_(u));
    }
    if (tail != u->tx_tail) {
        em_uart_transmitted_(u, tail);
    } else {
        em_uart_tx_done_(u);
    }
}

static void set_interrupts(em_uart *u, const em_uart16550_traits *t)
{
    uart_set(t, UART_IER, (u->rx_stalled ? 0u : UART_IER_RDI | UART_IER_RLSI) | (u->tx_busy ? UART_IER_THRI : 0u));
}

static void kick(em_uart *u)
{
    const em_uart16550_traits *t = port_of(u)->traits;
    if (em_uart_tx_pending_(u) && (look_at_transmitter(u) & UART_LSR_THRE)) {
        transmit(u, t);
    }
    set_interrupts(u, t);
}

static void on_interrupt(void *arg)
{
    em_uart *u = (em_uart *)arg;
    const em_uart16550_traits *t = port_of(u)->traits;

    em_irq irq = em_lock_acquire(&u->lock);
    uint32_t cause = t->designware ? uart_get(t, UART_IIR) & UART_IIR_ID : 0;
    uart_set(t, UART_IER, 0); /* and on again below: what comes meanwhile is an edge, if only those are seen */
    uint32_t lsr = read_lsr(port_of(u));
    if (t->designware) {
        em_uart_dw_interrupt_(t, cause, lsr);
    }
    if (!u->rx_stalled) {
        receive(u);
    }
    if (u->tx_busy && (lsr & UART_LSR_THRE)) {
        transmit(u, t);
    }
    set_interrupts(u, t);
    em_uart_end_irq_(u, irq);
}

static bool line_idle(em_uart *u)
{
    return (look_at_transmitter(u) & UART_LSR_TEMT) != 0;
}

static void drain(em_uart *u)
{
    const em_uart16550_traits *t = port_of(u)->traits;
    bool claimed = em_uart_claim_(u);
    while (em_uart_tx_pending_(u)) {
        em_uart16550_put_polled(t, (char)em_uart_tx_take_(u));
    }
    while (!line_idle(u)) {
    }
    em_uart_unclaim_(u, claimed);
}

const em_uart_ops em_uart16550_ops = {.kick = kick, .line_idle = line_idle, .drain = drain};

static void set_lcr(const em_uart16550_traits *t, uint32_t value)
{
    if (t->designware) {
        em_uart_dw_set_lcr_(t, value);
    } else {
        uart_set(t, UART_LCR, value);
    }
}

static void set_format(const em_uart16550_traits *t)
{
    uint32_t divisor = (t->clock_hz + 8 * t->baud) / (16 * t->baud);

    set_lcr(t, UART_LCR_DLAB);
    uart_set(t, UART_DLL, divisor & 0xff);
    uart_set(t, UART_DLM, divisor >> 8);
    set_lcr(t, UART_LCR_8N1);
}

/*
 * Switching the FIFOs on empties them. The byte that waits is taken before, with the line cut off so that
 * no other comes in between; then the line is looked at anew. (That is for QEMU, which holds back what is
 * typed early until the byte before it was read, and hears of that by a read that is not looped back.)
 * After a boot loader they are on, and nothing happens to them.
 */
static void enable_fifos(em_uart *u, const em_uart16550_traits *t)
{
    bool were_on = (uart_get(t, UART_IIR) & UART_IIR_FIFOS) == UART_IIR_FIFOS;

    uart_set(t, UART_MCR, UART_MCR_DTR_RTS_OUT2 | (were_on ? 0 : UART_MCR_LOOP));
    receive(u);
    uart_set(t, UART_FCR, UART_FCR_FE | (uint32_t)t->rx_trigger << UART_FCR_TRIGGER);
    uart_set(t, UART_MCR, UART_MCR_DTR_RTS_OUT2);
    if (!were_on && !(read_lsr(port_of(u)) & UART_LSR_DR)) {
        uart_get(t, UART_RBR);
    }
}

static void set_up(em_uart *u, const em_uart16550_traits *t)
{
    uart_set(t, UART_IER, 0);
    while (!line_idle(u)) {
    }
    set_format(t);
    enable_fifos(u, t);
    u->byte_ticks = (10ull * EM_TICK_HZ + t->baud - 1) / t->baud;
}

void em_uart16550_start(em_uart16550 *port)
{
    em_uart *u = &port->uart;

    em_irq irq = em_lock_acquire(&u->lock);
    bool start = !u->started;
    if (start) {
        u->started = true;
        set_up(u, port->traits);
    }
    em_lock_release(&u->lock, irq);
    if (start) {
        em_interrupt_bind(&port->irq, port->traits->irq, on_interrupt, u);
        em_interrupt_enable(&port->irq);
        if (EM_CFG_MAX_HARTS > 1) { /* another one may have started to send */
            irq = em_lock_acquire(&u->lock);
        }
        set_interrupts(u, port->traits);
        if (EM_CFG_MAX_HARTS > 1) {
            em_lock_release(&u->lock, irq);
        }
    }
}

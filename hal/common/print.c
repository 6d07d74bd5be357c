/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_print: a message at a time into the console's transmit ring, or not at all.
 *
 * Measured first, then reserved, then formatted into the ring with interrupts on: messages of tasks,
 * interrupts and other harts never mix. What is dropped is said before anything else is printed.
 *
 * Flow: em_print -> here -> format.c -> the ring (uart_core.h) -> ops->kick;  the driver -> on_room -> here
 */
#include "format.h"
#include "uart_core.h"

#include <em/board.h>

typedef struct counting_sink {
    em_sink sink;
    uint32_t n;
} counting_sink;

static void count(em_sink *sink, char c)
{
    (void)c;
    ((counting_sink *)(void *)sink)->n++;
}

typedef struct ring_sink {
    em_sink sink;
    em_uart *uart;
    uint32_t at;
    uint32_t end;
} ring_sink;

static void ring_put(em_sink *sink, char c)
{
    ring_sink *r = (ring_sink *)(void *)sink;
    if (r->at != r->end) {
        r->uart->tx_ring[r->at++ & (r->uart->tx_size - 1)] = (uint8_t)c;
    }
}

static uint32_t measure(const char *fmt, va_list args)
{
    counting_sink counter = {{count}, 0};
    em_vformat_(&counter.sink, fmt, args);
    return counter.n;
}

/* Fill the n bytes reserved at `at`. An argument that shrank since it was measured leaves blanks. */
static void fill(em_uart *u, uint32_t at, uint32_t n, const char *fmt, va_list args)
{
    ring_sink ring = {{ring_put}, u, at, at + n};
    em_vformat_(&ring.sink, fmt, args);
    while (ring.at != ring.end) {
        ring_put(&ring.sink, ' ');
    }
    em_irq irq = em_lock_acquire(&u->lock);
    em_uart_tx_commit_(u);
    em_lock_release(&u->lock, irq);
}

static void say_dropped(em_uart *u);

/* Reserve n bytes, if what was dropped has been said and there is room; else they are dropped too. */
static bool reserve_or_drop(em_uart *u, uint32_t n, uint32_t *at)
{
    em_irq irq = em_lock_acquire(&u->lock);
    if (u->print_unsaid) {
        em_lock_release(&u->lock, irq);
        say_dropped(u);
        irq = em_lock_acquire(&u->lock);
    }
    bool fits = u->print_unsaid == 0 && n <= em_uart_tx_room_(u);
    if (fits) {
        *at = em_uart_tx_reserve_(u, n);
    } else {
        u->print_unsaid += n;
        u->counters.print_dropped += n;
        u->on_room = say_dropped;
    }
    em_lock_release(&u->lock, irq);
    if (!fits) {
        say_dropped(u); /* at once, if it was only too long: an idle line has no interrupts */
    }
    return fits;
}

static const char notice[] = "[em_print: %u bytes dropped]\n";
#define NOTICE_MAX (sizeof notice + 10)

static void fill_notice(em_uart *u, uint32_t at, uint32_t n, ...)
{
    va_list args;
    va_start(args, n);
    fill(u, at, n, notice, args);
    va_end(args);
}

static uint32_t decimal_length(uint32_t value)
{
    uint32_t n = 1;
    for (; value >= 10; value /= 10) {
        n++;
    }
    return n;
}

static void say_dropped(em_uart *u)
{
    em_irq irq = em_lock_acquire(&u->lock);
    uint32_t dropped = u->print_unsaid;
    if (dropped == 0 || em_uart_tx_room_(u) < NOTICE_MAX) {
        em_lock_release(&u->lock, irq);
        return;
    }
    uint32_t n = (uint32_t)(sizeof notice - 1 - 2) + decimal_length(dropped); /* %u is replaced */
    uint32_t at = em_uart_tx_reserve_(u, n);
    u->print_unsaid = 0;
    u->on_room = NULL;
    em_lock_release(&u->lock, irq);
    fill_notice(u, at, n, dropped);
}

void em_print(const char *fmt, ...)
{
    em_uart *u = em_board_console();
    va_list args;
    uint32_t at;

    va_start(args, fmt);
    uint32_t n = measure(fmt, args);
    if (n > 0 && reserve_or_drop(u, n, &at)) {
        fill(u, at, n, fmt, args);
    }
    va_end(args);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Between the hardware-independent part of a UART (uart.c) and its drivers.
 *
 * A driver owns the em_uart, has its interrupt take the lock and move bytes between the rings and its
 * hardware, and says what happened. Everything here is called with the lock, unless said otherwise.
 *
 * Indices run freely and wrap; ring sizes are powers of two. The receive ring has one producer, the driver,
 * and one consumer, whoever has the reading turn. The transmit ring has many producers: each reserves
 * (tx_reserved), copies without the lock, commits. The last one out of overlapping producers publishes
 * them all (tx_head), so what is between tx_tail and tx_head is always complete.
 */
#pragma once

#include <em/uart.h>

typedef struct em_uart_ops {
    /* The rings have changed: send if there is something, receive if there is room. */
    void (*kick)(em_uart *u);
    /* Has the last bit left the line? */
    bool (*line_idle)(em_uart *u);
    /* Without the lock, without interrupts: send all that is in the ring, and wait until the line is idle. */
    void (*drain)(em_uart *u);
} em_uart_ops;

/* A turn: who has it may use its direction; others wait for it. */
typedef struct em_uart_lane {
    em_wait_list waiting;
    em_waker waker; /* of who has the turn and waits for bytes or for room */
    bool taken;
} em_uart_lane;

#define EM_UART_MARKS 4

/* An event of the line, before the byte of this index. */
typedef struct em_uart_mark {
    uint32_t at;
    uint8_t events;
} em_uart_mark;

struct em_uart {
    const em_uart_ops *ops;
    uint8_t *rx_ring;
    uint8_t *tx_ring;
    uint32_t rx_size;
    uint32_t tx_size;
    uint64_t byte_ticks; /* how long one byte is on the line, rounded up */
    /* All above: constant. */
    uint32_t rx_head;
    uint32_t rx_tail;
    uint32_t tx_head;
    uint32_t tx_tail;
    uint32_t tx_reserved;
    em_lock lock;
    uint16_t tx_producers;
    uint8_t rx_marks;
    bool started;
    bool tx_busy;    /* bytes are in the ring or in the hardware's buffer; the driver says when no more */
    bool rx_stalled; /* the driver left bytes in the hardware, for want of room */
    uint32_t print_unsaid; /* bytes that em_print() dropped and has not said */
    void (*on_room)(em_uart *u); /* or NULL: print.c waits for room to say it; without the lock */
    em_uart_lane rx;
    em_uart_lane tx;
    em_wait_list flushers;
    em_uart_mark marks[EM_UART_MARKS];
    em_uart_counters counters;
};

/* Room for one received byte? */
static inline bool em_uart_rx_room_(const em_uart *u)
{
    return u->rx_head - u->rx_tail < u->rx_size;
}

/* A byte arrived; there is room. */
static inline void em_uart_rx_put_(em_uart *u, uint8_t byte)
{
    u->rx_ring[u->rx_head++ & (u->rx_size - 1)] = byte;
}

/* Is there a byte to send? */
static inline bool em_uart_tx_pending_(const em_uart *u)
{
    return u->tx_tail != u->tx_head;
}

/* Take the next byte to send; there is one. */
static inline uint8_t em_uart_tx_take_(em_uart *u)
{
    return u->tx_ring[u->tx_tail++ & (u->tx_size - 1)];
}

/* EM_UART_... events happened at this place of the stream. Wakes the reader. */
void em_uart_rx_event_(em_uart *u, uint8_t events);

/* Bytes were received since @p head was rx_head. Wakes the reader. */
void em_uart_received_(em_uart *u, uint32_t head);

/* Bytes were taken since @p tail was tx_tail. Wakes the writer if there is room enough. */
void em_uart_transmitted_(em_uart *u, uint32_t tail);

/* The hardware's buffer is empty, and so is the ring. Wakes who flushes. */
void em_uart_tx_done_(em_uart *u);

/* The end of an interrupt: release the lock, then say what em_print() dropped, if there is room. */
static inline void em_uart_end_irq_(em_uart *u, em_irq irq)
{
    void (*on_room)(em_uart *) = u->on_room;
    em_lock_release(&u->lock, irq);
    if (__builtin_expect(on_room != NULL, 0)) {
        on_room(u);
    }
}

/* Room in the transmit ring that nobody has reserved. */
static inline uint32_t em_uart_tx_room_(const em_uart *u)
{
    return u->tx_size - (u->tx_reserved - u->tx_tail);
}

/* Reserve n bytes, which there is room for. Returns the index of the first. */
static inline uint32_t em_uart_tx_reserve_(em_uart *u, uint32_t n)
{
    uint32_t at = u->tx_reserved;
    u->tx_reserved = at + n;
    u->tx_producers++;
    return at;
}

/* The reserved bytes are in the ring. */
void em_uart_tx_commit_(em_uart *u);

/* The console, once it is in use, or NULL. */
extern em_uart *em_uart_at_exit_;

/*
 * For drain(), with interrupts masked: keep other harts out, who may be at work in it. If it was this hart that was,
 * and panicked there, its lock is never free: that is not waited for longer than others can take.
 */
static inline bool em_uart_claim_(em_uart *u)
{
#if EM_CFG_MAX_HARTS > 1
    for (unsigned tries = 0; em_atomic_swap(&u->lock.word, 1) != 0; tries++) {
        if (tries == 1000000) {
            return false;
        }
        em_arch_relax();
    }
#endif
    (void)u;
    return true;
}

static inline void em_uart_unclaim_(em_uart *u, bool claimed)
{
#if EM_CFG_MAX_HARTS > 1
    if (claimed) {
        em_atomic_store(&u->lock.word, 0);
    }
#endif
    (void)u, (void)claimed;
}

/* Before the program ends: send all, what em_print() still has to say too. Without the lock. */
static inline void em_uart_drain_console_(void)
{
    em_uart *u = em_uart_at_exit_;
    if (u) {
        u->ops->drain(u);
        if (u->on_room) {
            u->on_room(u);
            u->ops->drain(u);
        }
    }
}

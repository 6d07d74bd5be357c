/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * UARTs: buffered, interrupt driven, any number of readers and writers.
 *
 * Flow: em_uart_read -> hal/common/uart.c -> rings <- the driver's interrupt (hal/riscv/uart16550.c)
 *
 * Rules for UARTs:
 *  - Readers take turns in the order in which they came, writers too: the bytes of one write are together.
 *    em_print() does not queue with them: its messages may stand between two pieces of a long write.
 *  - Nothing that arrived is lost in here: while the receive buffer is full, bytes are left in the hardware,
 *    whose flow control, or its overrun, is then seen.
 *  - Errors of the line are reported to the reader, each once, in their place: what arrived before the error
 *    is read first. The damaged byte, and the zero byte of a break, are left out.
 */
#pragma once

#include <em/board.h>
#include <em/lock.h>
#include <em/timer.h>
#include <em/wait_list.h>

/* What can happen on the line; bits. */
#define EM_UART_OVERRUN 1 /* bytes were lost in the hardware: read gives EM_ERR_OVERFLOW */
#define EM_UART_PARITY 2  /* read gives EM_ERR_IO for this and the others */
#define EM_UART_FRAMING 4
#define EM_UART_BREAK 8

/* Events since the start; they wrap. */
typedef struct em_uart_counters {
    uint32_t received; /* bytes */
    uint32_t sent;     /* bytes, given to the hardware */
    uint32_t overruns;
    uint32_t parity_errors;
    uint32_t framing_errors;
    uint32_t breaks;
    uint32_t print_dropped; /* bytes of em_print() */
    uint32_t rx_stalls;     /* times that the receive buffer was full */
} em_uart_counters;

/* Storage of em_uart_read(). */
typedef struct em_uart_read_future {
    em_future future;
    em_uart *uart;
    uint8_t *buf;
    size_t len;
    em_wait_node node;
    int out;
    uint8_t error; /* with out < 0: the EM_UART_... bit */
    bool turn;
} em_uart_read_future;

/* Storage of em_uart_write(). */
typedef struct em_uart_write_future {
    em_future future;
    em_uart *uart;
    const uint8_t *buf;
    size_t len;
    size_t sent; /* how many bytes have been taken; final once ready or dropped */
    em_wait_node node;
    int out;
    bool turn;
} em_uart_write_future;

/* Storage of em_uart_flush(). */
typedef struct em_uart_flush_future {
    em_future future;
    em_uart *uart;
    em_wait_node node;
    em_timer last_byte;
    bool timing;
} em_uart_flush_future;

extern const em_future_ops em_uart_read_ops;
extern const em_future_ops em_uart_write_ops;
extern const em_future_ops em_uart_flush_ops;

/**
 * Awaitable: at least one byte has arrived, and is in @p buf.
 *
 * out: 1 .. @p len bytes, what is there, or an error; f->error tells then which event it was.
 * Context: task
 * Shapes:  @p buf: @p len bytes, borrowed until ready or dropped; len 0 is ready at once with 0
 * Errors:  EM_ERR_OVERFLOW  the hardware lost bytes here; EM_ERR_IO  parity, framing, break
 * Cancel:  loses nothing: the bytes stay for the next reader
 * Cost:    O(bytes), copied with interrupts on
 */
static inline em_uart_read_future *em_uart_read(em_uart_read_future *f, em_uart *uart, void *buf, size_t len)
{
    f->future.ops = &em_uart_read_ops;
    f->uart = uart;
    f->buf = (uint8_t *)buf;
    f->len = len;
    f->turn = false;
    em_wait_node_init(&f->node);
    return f;
}

/**
 * Awaitable: all of @p buf is in the transmit buffer, behind what was written before.
 *
 * out: @p len.
 * Context: task
 * Shapes:  @p buf: @p len bytes, up to INT_MAX, borrowed until ready or dropped; len 0 is ready at once
 * Cancel:  a prefix of f->sent bytes has been, or will be, sent; nothing of the rest
 * Cost:    O(bytes), copied with interrupts on
 */
static inline em_uart_write_future *em_uart_write(em_uart_write_future *f, em_uart *uart, const void *buf, size_t len)
{
    f->future.ops = &em_uart_write_ops;
    f->uart = uart;
    f->buf = (const uint8_t *)buf;
    f->len = len;
    f->sent = 0;
    f->turn = false;
    em_wait_node_init(&f->node);
    return f;
}

/**
 * Awaitable: the line is idle: the transmit buffer is empty and the last stop bit is out.
 *
 * It waits for what others write in the meantime, too. The hardware has an interrupt for "ready for
 * another byte", none for "the last one is out": that last byte is waited for by the clock.
 *
 * Context: task, of an executor with a timer queue
 * Cancel:  loses nothing
 * Cost:    one wake when the buffer is empty, at most a few more, one byte's time apart
 */
static inline em_uart_flush_future *em_uart_flush(em_uart_flush_future *f, em_uart *uart)
{
    f->future.ops = &em_uart_flush_ops;
    f->uart = uart;
    f->timing = false;
    em_wait_node_init(&f->node);
    return f;
}

/**
 * Read what is there: 1 .. @p len bytes.
 *
 * Context: task | isr | any hart | init
 * Errors:  EM_ERR_AGAIN  nothing is there, or a reader waits already; EM_ERR_OVERFLOW, EM_ERR_IO: as em_uart_read()
 */
EM_MUST_USE int em_uart_try_read(em_uart *uart, void *buf, size_t len);

/**
 * Write what there is room for, a prefix of 1 .. @p len bytes.
 *
 * Context: task | isr | any hart | init
 * Errors:  EM_ERR_AGAIN  there is no room, or a writer waits already
 */
EM_MUST_USE int em_uart_try_write(em_uart *uart, const void *buf, size_t len);

/**
 * Write all of @p buf, or nothing: nobody's bytes stand within it.
 *
 * Context: task | isr | any hart | init
 * Errors:  EM_ERR_AGAIN  there is no room for all of it, or a writer waits; so always if the transmit buffer is smaller
 */
EM_MUST_USE int em_uart_try_write_whole(em_uart *uart, const void *buf, size_t len);

/**
 * Write all of @p buf, behind what was written before, and wait until the line is idle: without interrupts or tasks.
 *
 * For what is said early or with interrupts masked. em_uart_write() goes on afterwards as if it had not been.
 *
 * Context: init | task, if what it interrupted, as a level may, is not writing to the same port; em_print() is for that
 * Cost:    this hart's interrupts masked while a transmit buffer is sent, again and again: 87 us a byte at 115200 baud
 */
void em_uart_write_blocking(em_uart *uart, const void *buf, size_t len);

/** How many bytes wait to be read. A snapshot. Context: task | isr | any hart | init */
size_t em_uart_readable(em_uart *uart);

/** How many bytes there is room for. A snapshot. Context: task | isr | any hart | init */
size_t em_uart_writable(em_uart *uart);

/** The counters, one by one consistent. Context: task | isr | any hart | init */
em_uart_counters em_uart_get_counters(em_uart *uart);

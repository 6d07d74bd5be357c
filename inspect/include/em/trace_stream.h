/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A task that sends what the rings hold, the log and the trace, over a UART while the program goes on.
 *
 * Flow: em_trace_rings_ -> em_trace_stream -> the UART -> tools/em run --log, em log --port, em trace --port
 *
 * The console will do, too: each record is a frame between two zero bytes, and nothing stands within one, so whoever
 * decodes the frames passes on what else is printed. A record takes 8 to 19 bytes, about 30 for a line with one number.
 *
 * Rules for streams:
 *  - Who logs never waits for it. If the line is slower than the log, the oldest records are lost, and counted.
 *  - It looks at the rings every 20 ms, so it wakes an idle program; records of the last 20 ms are in RAM only.
 *  - With the option `trace` its own polls and wakes, and the interrupts of its UART, are not sent: each record would
 *    make several new ones.
 */
#pragma once

#include <em/executor.h>
#include <em/uart.h>

/**
 * The stream, a task for em_spawn(): what has been kept since the start, then what comes. One at a time.
 * @p uart: its transmit buffer holds at least 128 bytes, or nothing is sent but by em_trace_stream_rest().
 *
 * Context: task | isr | any hart | init
 * Cancel:  loses nothing; another one, or em_trace_stream_rest(), goes on where it was
 */
EM_MUST_USE em_spawn_token em_trace_stream(em_uart *uart);

/**
 * Send what the stream has not sent yet, and wait until the line is idle: in front of em_board_exit().
 *
 * Context: task of the stream's executor | init
 * Cost:    as em_uart_write_blocking()
 */
void em_trace_stream_rest(em_uart *uart);

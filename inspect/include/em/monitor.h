/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A task that shows what the others do when a key is pressed, on any UART, while the program goes on.
 *
 * Flow: a byte -> em_monitor -> em_dump_line (em/dump.h), em_trace_text_line (em/recording.h) -> em_uart_write
 */
#pragma once

#include <em/executor.h>
#include <em/uart.h>

#define EM_MONITOR_TASKS 't' /* the key that asks for a dump of all tasks */
#define EM_MONITOR_RECORDING 'r' /* with the option `trace`: for the recording (em/recording.h), stopped meanwhile */

/**
 * The monitor, a task for em_spawn(). What comes in on @p uart is its own: it takes turns with other readers.
 *
 * One at a time. Nobody is held up but by the making of a line, and by what else is to be written there. `tools/em top`
 * presses the key and shows the answer again and again.
 *
 * Context: task | isr | any hart | init
 * Cancel:  a line may end in the middle
 */
EM_MUST_USE em_spawn_token em_monitor(em_uart *uart);

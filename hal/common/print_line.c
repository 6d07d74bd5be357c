/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_print_line_: em_print() that waits for room. And the same in a panic report.
 *
 * Flow: dump.c, inspect/trace_print.c -> here -> print.c;  a report -> em_report_sink_
 */
#include "report.h"
#include "uart_core.h"

#include <em/board.h>
#include <em/print_line.h>
#include <string.h>

static void wait_for_room(em_uart *u, uint32_t n)
{
    for (;;) {
        em_irq irq = em_lock_acquire(&u->lock);
        bool fits = u->print_unsaid == 0 && em_uart_tx_room_(u) >= n;
        if (!fits) {
            u->ops->kick(u); /* it sends by itself where interrupts are masked */
        }
        em_uart_end_irq_(u, irq);
        if (fits) {
            return;
        }
        em_arch_relax();
    }
}

void em_print_line_(const char *line)
{
    wait_for_room(em_board_console(), (uint32_t)strlen(line) + 1);
    em_print("%s\n", line);
}

void em_report_line_(const char *line)
{
    em_format_(&em_report_sink_, "%s\n", line);
}

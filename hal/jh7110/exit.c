/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The end: the status in a line of its own, which tools look for; then back to U-Boot, if its `go` called us, or stop.
 *
 * Flow: em_board_exit -> the console's drain -> caller.S, or sleep for ever
 */
#include "board.h"
#include "format.h"
#include "report.h"
#include "uart_core.h"

#include <em/arch.h>
#include <em/board.h>

_Noreturn void em_board_exit(int status)
{
    em_irq_disable();
    em_uart_drain_console_();
    em_format_(&em_report_sink_, "[em: exit %d]\n", status & 0xff);
#if EM_CFG_MODE_S
    if (em_caller_[0]) {
        em_return_to_caller_(status & 0xff);
    }
#endif
    for (;;) {
        __asm__ volatile("wfi");
    }
}

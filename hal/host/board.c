/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Linux as a board: its harts, its end, its reports.
 *
 * Flow: em_board_exit -> the console's drain -> exit(3)
 */
#include "report.h"
#include "uart_core.h"

#include <em/executor.h>
#include <stdlib.h>
#include <unistd.h>

unsigned em_hart_count(void)
{
    return 1;
}

unsigned em_hart_physical(unsigned hart)
{
    return hart;
}

_Noreturn void em_board_exit(int status)
{
    em_uart_drain_console_();
    exit(status & 0xff);
}

static void put(em_sink *sink, char c)
{
    (void)sink;
    if (write(STDOUT_FILENO, &c, 1) != 1) {
        _exit(EM_PANIC_STATUS);
    }
}

em_sink em_report_sink_ = {put};

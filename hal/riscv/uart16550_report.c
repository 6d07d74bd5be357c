/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reports go to such a console by polling. */
#include "report.h"
#include "uart16550.h"

static void put(em_sink *sink, char c)
{
    (void)sink;
    em_uart16550_put_polled(&em_console_traits_, c);
}

em_sink em_report_sink_ = {put};

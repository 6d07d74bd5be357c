/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_port_panic: a broken contract.
 *
 * Flow: EM_ASSERT -> here -> report.c
 */
#include "report.h"

#include <em/port.h>

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    void *from = __builtin_return_address(0);

    if (em_report_begin_()) {
        em_format_(&em_report_sink_, "\n*** panic: %s, %s:%u\n", what ? what : "assertion failed", file, line);
        em_format_(&em_report_sink_, "  called from %p, stack %p\n", from, __builtin_frame_address(0));
        em_report_task_();
    }
    em_report_end_();
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_port_panic: a broken contract.
 *
 * Flow: EM_ASSERT -> here -> hal/common/report.c
 */
#include "report.h"

#include <em/port.h>
#include <stdint.h>

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    uintptr_t from = (uintptr_t)__builtin_return_address(0);
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);

    if (em_report_begin_()) {
        em_format_(&em_report_sink_, "\n*** panic: %s, %s:%u\n", what ? what : "no reason given", file, line);
        em_format_(&em_report_sink_, "  called from 0x%lx, stack 0x%lx\n", from, sp);
        em_report_task_();
    }
    em_report_end_();
}

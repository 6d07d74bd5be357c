/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The panic report of a program that makes dumps: it ends with one.
 *
 * Flow: panic.c, trap.c -> em_report_task_, in place of report.c's -> dump.c
 */
#include "report.h"

#include <em/dump.h>

void em_dump_links_the_report_(void)
{
}

void em_report_task_(void)
{
    em_dump d;
    char text[EM_DUMP_LINE_MAX];

    em_report_running_();
    em_dump_begin(&d);
    for (size_t n; (n = em_dump_line(&d, text, sizeof text - 1)) > 0;) {
        text[n] = '\0';
        em_format_(&em_report_sink_, "%s\n", text);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The recording on the console, by a call, and at the end of a panic report.
 *
 * Flow: em_trace_print -> trace_text.c -> em_print_line_;  report.c -> em_report_ends_ -> trace_text.c
 */
#include <em/print_line.h>
#include <em/recording.h>

static void print(void (*say)(const char *line))
{
    em_trace_text t;
    char text[EM_TRACE_LINE_MAX];

    em_trace_text_begin(&t);
    for (size_t n; (n = em_trace_text_line(&t, text)) > 0;) {
        text[n] = '\0';
        say(text);
    }
}

void em_trace_print(void)
{
    em_trace_stop();
    print(em_print_line_);
    em_trace_start();
}

/* Instead of report.c's, which do nothing. */
void em_report_begins_(void)
{
    em_trace_stop();
}

void em_report_ends_(void)
{
    print(em_report_line_);
}

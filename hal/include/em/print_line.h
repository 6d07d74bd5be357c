/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Lines for people, of which none is lost: for dumps and recordings.
 *
 * Flow: em_dump_tasks, em_trace_print -> hal/common/print_line.c -> em_print;  a panic report -> em_report_sink_
 */
#pragma once

/** Print @p line, of up to 160 bytes, on the console as soon as there is room, and wait for that. Context: any */
void em_print_line_(const char *line);

/** The same in a panic report: by itself, without interrupts. Context: between em_report_begins_() and its end */
void em_report_line_(const char *line);

/* With the option `trace`: a panic report begins, and ends. Nothing, unless the program prints its recording. */
void em_report_begins_(void);
void em_report_ends_(void);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The part of a panic report that is the same on every machine. */
#pragma once

#include "format.h"

#include <stdbool.h>

#define EM_PANIC_STATUS 134 /* as a shell says of a program that aborted: 128 + SIGABRT */

/** A sink for reports: by itself, to the console, without interrupts. A board's. Context: any */
extern em_sink em_report_sink_;

/**
 * Begin a report: masks interrupts and sends what the console still has.
 *
 * Context: any
 * Returns: false: a report is under way already, and has failed itself: say so and end
 */
bool em_report_begin_(void);

/** Print this hart, its running task and what that last waited for. Context: any */
void em_report_running_(void);

/** The same, or, in a program that makes dumps, all tasks too. Context: any */
void em_report_task_(void);

/** Does nothing, but brings dump_report.c in. Context: any */
void em_dump_links_the_report_(void);

/** End the program with EM_PANIC_STATUS. Context: any */
_Noreturn void em_report_end_(void);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The recording of all harts, on its way out as text. As frames over any UART: em/trace_stream.h.
 *
 * Flow: em_trace_rings_ -> em_trace_print, em_monitor -> tools/em trace
 *
 * What is recorded: with the option `trace` what executors, timers and interrupts do, and marks (em/mark.h); with or
 * without it the log (em/log.h). A debugger needs nothing of this: it reads em_trace_rings_ (em/trace_ring.h).
 *
 * One line a record; times, objects and numbers as they are in memory, in hexadecimal digits:
 *
 *     trace begin 2 rings of 1024 records
 *     trace lost 0 5120                                        hart, how many were overwritten
 *     trace masked 0 314 fffff2a8 fffff2c0                     hart, cycles, from where, to where
 *     trace handler 0 401 7 0                                  hart, cycles, interrupt, source
 *     trace 0 000000003b9aca04 00001230 00000000               hart, stamp, object, arg
 *     trace end
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * Keep what is recorded: nothing is added until em_trace_start(), called as often.
 *
 * For what happened just before something that must not happen. A record that another hart is writing is still added.
 *
 * Context: task | isr | any hart | init
 */
void em_trace_stop(void);

/** Go on, in each ring behind a record that says that some are missing. Context: as em_trace_stop() */
void em_trace_start(void);

/**
 * Print the recording on the console, and wait for it: 45 bytes a record. Meanwhile it is stopped.
 *
 * A panic report of a program that names this function ends with the recording, with the option `trace`; it is stopped
 * where the report began.
 *
 * Context: task | isr | any hart | init; from a debugger too: `call em_trace_print()`
 */
void em_trace_print(void);

/* The recording as text, a line at a time. */
typedef struct em_trace_text {
    uint32_t part;
    uint32_t hart;
    uint32_t next; /* record of that hart */
    uint32_t end;
} em_trace_text;

#define EM_TRACE_LINE_MAX 64

/** Begin. For lines that belong together: between em_trace_stop() and em_trace_start(). Context: any */
void em_trace_text_begin(em_trace_text *t);

/**
 * Write the next line, without its line end, into @p text of at least EM_TRACE_LINE_MAX bytes.
 *
 * Context: task | isr | any hart | init
 * Returns: its length; 0 at the end
 */
size_t em_trace_text_line(em_trace_text *t, char *text);

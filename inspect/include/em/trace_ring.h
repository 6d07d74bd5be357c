/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The rings of events: one a hart, in RAM, each with the last EM_CFG_TRACE_RECORDS. This is the format for debuggers.
 *
 * Flow: em_trace_record_ -> here -> a debugger, em_trace_print, em_trace_stream
 */
#pragma once

#include <em/trace.h>

/* 16 bytes. An address is counted in bytes from em_trace_record_() on, and wraps in 32 bits. */
typedef struct em_trace_record {
    uint64_t stamp; /* ticks of EM_TICK_HZ << 8 | enum em_trace_event */
    uint32_t object;
    uint32_t arg;
} em_trace_record;

/* Written by its hart alone. Whoever reads while it is written looks at `written` again afterwards: what was
 * overwritten meanwhile is worth nothing. */
typedef struct em_trace_ring {
    uint32_t written; /* how many so far, modulo 2^32: the next goes to record[written % EM_CFG_TRACE_RECORDS] */
    uint32_t records; /* EM_CFG_TRACE_RECORDS; 0: nothing was written yet */
    uint32_t reserved_[14];
    em_trace_record record[EM_CFG_TRACE_RECORDS];
} em_trace_ring;

/* Of each logical hart. Named in the symbol table: a debugger needs nothing else. */
extern em_trace_ring em_trace_rings_[EM_CFG_MAX_HARTS];

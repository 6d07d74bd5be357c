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

/* In `records`: the ring is written to. Without it em_trace_stop() was called, or nothing was written yet. */
#define EM_TRACE_RUNS 0x80000000u

/* The longest stretch in which a hart took no interrupt; 0 cycles: none was measured (on a host none is). */
typedef struct em_trace_stretch {
    uint32_t cycles; /* of the counter that rdcycle reads; the instructions of the recorder count too */
    uint32_t from;   /* masked by em_irq_save(): before this address. A handler: the interrupt's number */
    uint32_t to;     /* unmasked behind this address. A handler: the source of the interrupt controller, or 0 */
} em_trace_stretch;

/* Written by its hart alone. Whoever reads while it is written looks at `written` again afterwards: what was
 * overwritten meanwhile is worth nothing. */
typedef struct em_trace_ring {
    uint32_t written; /* how many so far, modulo 2^32: the next goes to record[written % EM_CFG_TRACE_RECORDS] */
    uint32_t records; /* EM_CFG_TRACE_RECORDS | EM_TRACE_RUNS; 0: nothing was written yet */
    em_trace_stretch masked;  /* by software, not by a handler */
    em_trace_stretch handler; /* of an interrupt, from its hook to its hook */
    uint32_t masked_from_;    /* of what is under way */
    uint64_t masked_since_;
    uint64_t handler_since_;
    uint32_t lock_; /* of a host, where no thread can be masked */
    uint32_t idle_; /* IDLE_BEGIN was recorded, IDLE_END not yet */
    em_trace_record record[EM_CFG_TRACE_RECORDS];
} em_trace_ring;

_Static_assert(sizeof(em_trace_record) == 16 && offsetof(em_trace_ring, record) == 64, "the format of recordings");

/* How often em_trace_stop() was called without em_trace_start(). */
extern int32_t em_trace_stops_;

/* Of each logical hart. Named in the symbol table: a debugger needs nothing else. */
extern em_trace_ring em_trace_rings_[EM_CFG_MAX_HARTS];

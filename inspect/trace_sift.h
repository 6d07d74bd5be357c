/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What of a recording is worth sending: not what only the sending brings about, of which each record that is sent would
 * make several new ones.
 *
 * Flow: trace_stream.c -> em_trace_sift_ -> em_trace_sifted_ -> trace_stream.c
 *
 * Left out: the polls, wakes, awaits and the timer of the task that sends, with the interrupt and the end of an idle
 * time that there would not have been without it. The interrupts of its UART are not recorded at all
 * (em_interrupt_quiet_()).
 */
#pragma once

#include <em/trace_ring.h>
#include <stdbool.h>

/* Whose doings are not sent. Addresses as in records. */
typedef struct em_trace_own {
    uint32_t task;
    uint32_t timer;
} em_trace_own;

#define EM_TRACE_HELD_MAX_ 4

/* What is held of one hart's records, since it may be nothing: what follows tells. Zeroed is ready. */
typedef struct em_trace_sieve {
    bool polled;  /* the task is being polled there */
    bool due_own; /* what is held was for its timer */
    uint8_t held;
    uint8_t due; /* of these: they are something */
    em_trace_record hold[EM_TRACE_HELD_MAX_];
} em_trace_sieve;

/** The next record of a hart, when em_trace_sifted_() has no more. Context: task */
void em_trace_sift_(em_trace_sieve *s, const em_trace_own *own, const em_trace_record *x);

/** One that is worth sending. False: none now. Context: task */
bool em_trace_sifted_(em_trace_sieve *s, em_trace_record *out);

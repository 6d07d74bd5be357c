/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Marks of a program's own in a recording.
 *
 *     em_trace_begin("filter");
 *     em_trace_mark("samples", n);
 *     em_trace_end("filter");
 *
 * Flow: em_trace_mark -> em_trace_record_ (inspect/trace_ring.c) -> the ring of this hart -> tools/em trace
 *
 * A mark costs what any event does. Its text is a literal without `%`, and stays in the ELF: the section em_marks is
 * not loaded. Those of one text are one mark, wherever they stand; what begins may end in another function, and need
 * not be on a stack with others.
 *
 * Without the option `trace` there is nothing of it, and its arguments are not evaluated.
 */
#pragma once

#include <em/trace.h>

/** A moment, with a number of 32 bits. Context: task | isr | any hart | init */
#define em_trace_mark(text, value) EM_MARK_(EM_TRACE_MARK_, text, value)

/** Something begins that has this name. Context: task | isr | any hart | init */
#define em_trace_begin(text) EM_MARK_(EM_TRACE_MARK_BEGIN_, text, 0)

/** It ends. Context: task | isr | any hart | init */
#define em_trace_end(text) EM_MARK_(EM_TRACE_MARK_END_, text, 0)

#if EM_CFG_TRACE
#define EM_MARK_(event, text, value) em_trace_record_(event, EM_MARK_TEXT_(text), (unsigned long)(value))
#else
#define EM_MARK_(event, text, value) ((void)sizeof("" text ""), (void)sizeof(value))
#endif

/* Its address, one for all that are alike, never 0. That of the section (hal/riscv/sections.ld) is out of reach of
 * medany's code. */
#ifdef __riscv
#define EM_MARK_TEXT_(text)                                                               \
    __extension__({                                                                       \
        const char *mark_;                                                                \
        __asm__(".pushsection em_marks, \"MS\", %%progbits, 1\n"                         \
                ".ascii \"=\"\n.Lem_mark_%=: .asciz " #text "\n"                          \
                ".popsection\n\t"                                                         \
                "lui %0, %%hi(.Lem_mark_%=)\n\taddi %0, %0, %%lo(.Lem_mark_%=)" : "=r"(mark_)); \
        mark_;                                                                            \
    })
#else
#define EM_MARK_TEXT_(text) ("" text "")
#endif

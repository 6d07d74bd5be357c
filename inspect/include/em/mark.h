/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Marks of a program's own in a recording.
 *
 *     em_trace_begin("filter");
 *     em_trace_mark("samples", n);
 *     em_trace_end("filter");
 *
 * Flow: em_trace_mark -> em_trace_mark_ (inspect/trace_ring.c) -> the ring of this hart -> tools/em trace
 *
 * A mark costs what any event does. Its text is a literal, and stays in the ELF: in the firmware there is its number,
 * which is where it is in the section em_texts. Those of one text are one mark, wherever they stand; what begins may end
 * in another function, and need not be on a stack with others.
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
void em_trace_mark_(unsigned long event, uintptr_t number, unsigned long value);

/* As a text of the log (em/log.h), which tools/trace reads with the same eyes. */
#define EM_MARK_(event, literal, value) \
    do { \
        static const struct { \
            uint32_t line; \
            uint32_t kind; \
            char module[1]; \
            char file[sizeof __FILE__]; \
            char format[sizeof("" literal "")]; \
        } em_mark_text_ __attribute__((section("em_texts"))) = {__LINE__, 3, "", __FILE__, "" literal ""}; \
        em_trace_mark_(event, EM_MARK_NUMBER_(em_mark_text_), (unsigned long)(value)); \
    } while (0)

#ifdef __riscv
/* The section is not loaded, so it is at address 0 (hal/riscv/sections.ld), out of reach of medany's code. */
#define EM_MARK_NUMBER_(text) \
    __extension__({ \
        uintptr_t number_; \
        __asm__("lui %0, %%hi(%1)\n\taddi %0, %0, %%lo(%1)" : "=r"(number_) : "i"(&(text))); \
        number_; \
    })
#else
extern const char __start_em_texts[]; /* by the linker */
#define EM_MARK_NUMBER_(text) ((uintptr_t)&(text) - (uintptr_t)__start_em_texts)
#endif
#else
#define EM_MARK_(event, literal, value) ((void)sizeof("" literal ""), (void)sizeof(value))
#endif

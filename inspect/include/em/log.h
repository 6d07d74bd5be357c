/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A log whose texts stay in the ELF: the firmware keeps numbers, `tools/em` makes the lines of them.
 *
 *     #define EM_LOG_MODULE "net"
 *     #include <em/log.h>
 *
 *     em_log_info("connected to %s, %d left", peer->name, left);
 *
 *        1.250113 INFO  net main.c:61  connected to printer, 3 left
 *
 * Flow: em_log_info -> inspect/log.c -> em_trace_rings_ -> a debugger, em_trace_stream -> tools/em log
 *
 * A line costs the firmware a few instructions and no text: format, module, file, line, and level are in the section
 * em_texts of the ELF, which is not loaded. What is kept is the number of the text, the time, and the arguments.
 *
 * Rules for logs:
 *  - A line never waits and never fails. It is kept in the ring of this hart (em/trace_ring.h), where the newest
 *    `trace_records` records are: one for the line and one for each argument. The oldest make room; who reads knows
 *    how many.
 *  - EM_LOG_LEVEL, defined before the include, says what of a file is in the image; without it the option `log_level`
 *    does. What is not there costs nothing and evaluates nothing, but its arguments are checked.
 *  - EM_LOG_MODULE, defined before the include, names the module; without it the file's name does.
 *  - A format is a literal, its arguments are those of printf, checked by the compiler: at most six, of up to 64 bits;
 *    no long double, no wide characters.
 *  - Of %s the address is kept: what is constant in the image is shown as text, of another one the address is shown.
 *    em_log_copy() keeps a text that changes.
 */
#pragma once

#include <em/config.h>
#include <stddef.h>
#include <stdint.h>

/* The levels: each includes those in front of it. */
#define EM_LOG_OFF 0
#define EM_LOG_ERROR 1
#define EM_LOG_WARN 2
#define EM_LOG_INFO 3
#define EM_LOG_DEBUG 4
#define EM_LOG_TRACE 5

#ifndef EM_LOG_LEVEL
#define EM_LOG_LEVEL EM_CFG_LOG_LEVEL
#endif
#ifndef EM_LOG_MODULE
#define EM_LOG_MODULE ""
#endif

/**
 * A line of the log: a format of printf, and its arguments.
 *
 * Context: task | isr | any hart | init
 * Cost:    20 instructions and some 10 an argument, with this hart's interrupts masked; a record for each (16 bytes)
 */
#define em_log_error(...) EM_LOG_(EM_LOG_ERROR, __VA_ARGS__)
#define em_log_warn(...) EM_LOG_(EM_LOG_WARN, __VA_ARGS__)   /**< em_log_error()'s. Context: any */
#define em_log_info(...) EM_LOG_(EM_LOG_INFO, __VA_ARGS__)   /**< em_log_error()'s. Context: any */
#define em_log_debug(...) EM_LOG_(EM_LOG_DEBUG, __VA_ARGS__) /**< em_log_error()'s. Context: any */
#define em_log_trace(...) EM_LOG_(EM_LOG_TRACE, __VA_ARGS__) /**< em_log_error()'s. Context: any */

#define EM_LOG_COPY_MAX 48

/**
 * A line with a copy of a text: its first @p size bytes, EM_LOG_COPY_MAX at most, up to a zero byte.
 *
 *     em_log_copy(EM_LOG_INFO, "joined '%s'", network, sizeof network);
 *
 * @p format has one %s and nothing else.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(length), interrupts masked as for a line of length / 8 arguments
 */
#define em_log_copy(level, format, text, size) \
    do { \
        EM_LOG_CHECK_(format, (const char *)(text)); \
        if ((level) <= EM_LOG_LEVEL) { \
            EM_LOG_TEXT_((level) | EM_LOG_COPIED_, format); \
            em_log_copy_(EM_LOG_NUMBER_(em_log_text_), text, size); \
        } \
    } while (0)

/* The machinery. One function for each number of arguments, so that these are in registers. */
void em_log_0_(uintptr_t text);
void em_log_1_(uintptr_t text, uint64_t a);
void em_log_2_(uintptr_t text, uint64_t a, uint64_t b);
void em_log_3_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c);
void em_log_4_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
void em_log_5_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
void em_log_6_(uintptr_t text, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);
void em_log_copy_(uintptr_t text, const char *from, size_t size);

static inline __attribute__((format(printf, 1, 2))) void em_log_check_(const char *format, ...)
{
    (void)format;
}

/* A wrong format is an error, whatever the file's warnings are. */
#define EM_LOG_CHECK_(...) \
    _Pragma("GCC diagnostic push") \
    _Pragma("GCC diagnostic error \"-Wformat\"") \
    if (0) \
        em_log_check_(__VA_ARGS__); \
    _Pragma("GCC diagnostic pop")

/* What fits a register stays what it is, floating point numbers as their bits. */
static inline uint64_t em_log_word_(uint64_t x)
{
    return x;
}

static inline uint64_t em_log_double_(double x)
{
    uint64_t bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The format of em_texts: read by tools/trace/em_trace/texts.py. */
#define EM_LOG_COPIED_ 0x100
#define EM_LOG_TEXT_(level, fmt) \
    static const struct { \
        uint32_t line; \
        uint32_t kind; \
        char module[sizeof EM_LOG_MODULE]; \
        char file[sizeof __FILE__]; \
        char format[sizeof("" fmt "")]; \
    } em_log_text_ __attribute__((section("em_texts"))) = {__LINE__, level, EM_LOG_MODULE, __FILE__, "" fmt ""}

/* The number of a text: where it is in em_texts. And a %s as it is kept: an address. */
#ifdef __riscv
#define em_log_string_ em_log_word_
/* The section is not loaded, so it is at address 0 (hal/riscv/sections.ld), out of reach of medany's code. */
#define EM_LOG_NUMBER_(text) \
    __extension__({ \
        uintptr_t number_; \
        __asm__("lui %0, %%hi(%1)\n\taddi %0, %0, %%lo(%1)" : "=r"(number_) : "i"(&(text))); \
        number_; \
    })
#else
/* A host puts the image anywhere: all is counted from the section on. */
extern const char __start_em_texts[]; /* by the linker */
#define EM_LOG_NUMBER_(text) ((uintptr_t)&(text) - (uintptr_t)__start_em_texts)
static inline uint64_t em_log_string_(uint64_t address)
{
    return address - (uintptr_t)__start_em_texts;
}
#endif

#define EM_LOG_(level, ...) \
    do { \
        EM_LOG_CHECK_(__VA_ARGS__); \
        _Static_assert(EM_LOG_COUNT_(__VA_ARGS__) <= 6, "em_log: at most six arguments"); \
        if ((level) <= EM_LOG_LEVEL) { \
            EM_LOG_TEXT_(level, EM_LOG_FIRST_(__VA_ARGS__, )); \
            EM_LOG_CALL_(EM_LOG_COUNT_(__VA_ARGS__), __VA_ARGS__); \
        } \
    } while (0)

/* How many stand behind the format: 0 to 6, or 7 for more, up to 12. */
#define EM_LOG_COUNT_(...) EM_LOG_COUNT__(__VA_ARGS__, 7, 7, 7, 7, 7, 7, 6, 5, 4, 3, 2, 1, 0, )
#define EM_LOG_COUNT__(f, a, b, c, d, e, g, h, i, j, k, l, m, n, ...) n
#define EM_LOG_FIRST_(a, ...) a

#define EM_LOG_CALL_(n, ...) EM_LOG_CALL__(n, __VA_ARGS__)
#define EM_LOG_CALL__(n, ...) EM_LOG_CALL_##n(__VA_ARGS__)
#define EM_LOG_CALL_0(f) em_log_0_(EM_LOG_NUMBER_(em_log_text_))
#define EM_LOG_CALL_1(f, a) em_log_1_(EM_LOG_NUMBER_(em_log_text_), EM_LOG_WORD_(a))
#define EM_LOG_CALL_2(f, a, b) em_log_2_(EM_LOG_NUMBER_(em_log_text_), EM_LOG_WORD_(a), EM_LOG_WORD_(b))
#define EM_LOG_CALL_3(f, a, b, c) \
    em_log_3_(EM_LOG_NUMBER_(em_log_text_), EM_LOG_WORD_(a), EM_LOG_WORD_(b), EM_LOG_WORD_(c))
#define EM_LOG_CALL_4(f, a, b, c, d) \
    em_log_4_(EM_LOG_NUMBER_(em_log_text_), EM_LOG_WORD_(a), EM_LOG_WORD_(b), EM_LOG_WORD_(c), EM_LOG_WORD_(d))
#define EM_LOG_CALL_5(f, a, b, c, d, e) \
    em_log_5_(EM_LOG_NUMBER_(em_log_text_), EM_LOG_WORD_(a), EM_LOG_WORD_(b), EM_LOG_WORD_(c), EM_LOG_WORD_(d), \
              EM_LOG_WORD_(e))
#define EM_LOG_CALL_6(f, a, b, c, d, e, g) \
    em_log_6_(EM_LOG_NUMBER_(em_log_text_), EM_LOG_WORD_(a), EM_LOG_WORD_(b), EM_LOG_WORD_(c), EM_LOG_WORD_(d), \
              EM_LOG_WORD_(e), EM_LOG_WORD_(g))
#define EM_LOG_CALL_7(...) ((void)0)

/* An argument as 64 bits. A long double is made a pointer, which em_log_word_() does not take. */
#define EM_LOG_WORD_(x) \
    _Generic((x), float: em_log_double_, double: em_log_double_, char *: em_log_string_, const char *: em_log_string_, \
             default: em_log_word_)( \
        _Generic((x), float: (x), double: (x), long double: (void *)0, default: (uint64_t)(uintptr_t)(x)))

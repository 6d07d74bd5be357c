/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The formatter behind em_print() and the panic report: no libc, no buffer, no floating point.
 *
 * Flow: print.c, panic.c -> here -> sink->put
 */
#include "format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One conversion: %[-0][width][.precision][length]letter */
typedef struct spec {
    bool left;
    bool zero;
    bool is_long; /* 64 bits */
    int narrow;   /* 1: h, 2: hh */
    int width;
    int precision; /* -1: none */
    char letter;
} spec;

static void pad(em_sink *sink, char c, int n)
{
    for (; n > 0; n--) {
        sink->put(sink, c);
    }
}

/* text of n characters, behind a prefix and zeros, in a field. */
static void put_field(em_sink *sink, const spec *s, const char *prefix, int zeros, const char *text, int n)
{
    int prefix_length = 0;
    while (prefix[prefix_length]) {
        prefix_length++;
    }
    int blanks = s->width - prefix_length - zeros - n;
    if (!s->left) {
        pad(sink, ' ', blanks);
    }
    while (*prefix) {
        sink->put(sink, *prefix++);
    }
    pad(sink, '0', zeros);
    for (int i = 0; i < n; i++) {
        sink->put(sink, text[i]);
    }
    if (s->left) {
        pad(sink, ' ', blanks);
    }
}

static void put_number(em_sink *sink, const spec *s, uint64_t value, const char *prefix, unsigned base)
{
    const char *digits = s->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[20]; /* of UINT64_MAX */
    int n = 0;

    for (; value != 0; value /= base) {
        text[sizeof text - (size_t)++n] = digits[value % base];
    }
    int least = s->precision >= 0 ? s->precision : 1;
    int zeros = least > n ? least - n : 0;
    if (s->zero && !s->left && s->precision < 0) {
        int prefix_length = prefix[0] ? (prefix[1] ? 2 : 1) : 0;
        int fill = s->width - prefix_length - n;
        zeros = fill > zeros ? fill : zeros;
    }
    put_field(sink, s, prefix, zeros, text + sizeof text - n, n);
}

static void put_text(em_sink *sink, const spec *s, const char *text)
{
    int n = 0;
    if (!text) {
        text = "(null)";
    }
    while ((s->precision < 0 || n < s->precision) && text[n]) {
        n++;
    }
    put_field(sink, s, "", 0, text, n);
}

static int64_t take_signed(const spec *s, va_list *args)
{
    if (s->is_long) {
        return va_arg(*args, int64_t);
    }
    int value = va_arg(*args, int);
    return s->narrow == 2 ? (signed char)value : s->narrow == 1 ? (short)value : value;
}

static uint64_t take_unsigned(const spec *s, va_list *args)
{
    if (s->is_long) {
        return va_arg(*args, uint64_t);
    }
    unsigned value = va_arg(*args, unsigned);
    return s->narrow == 2 ? (unsigned char)value : s->narrow == 1 ? (unsigned short)value : value;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number or a `*` at *fmt; 0 if there is neither. */
static int take_count(const char **fmt, va_list *args)
{
    int n = 0;
    if (**fmt == '*') {
        (*fmt)++;
        return va_arg(*args, int);
    }
    while (is_digit(**fmt)) {
        n = n * 10 + *(*fmt)++ - '0';
    }
    return n;
}

/* Parse what follows a '%'. Returns what follows the conversion. */
static const char *parse(const char *fmt, spec *s, va_list *args)
{
    *s = (spec){.precision = -1};
    for (;; fmt++) {
        if (*fmt == '-') {
            s->left = true;
        } else if (*fmt == '0') {
            s->zero = true;
        } else {
            break;
        }
    }
    s->width = take_count(&fmt, args);
    if (s->width < 0) {
        s->left = true;
        s->width = -s->width;
    }
    if (*fmt == '.') {
        fmt++;
        s->precision = take_count(&fmt, args);
    }
    for (; *fmt == 'h'; fmt++) {
        s->narrow++;
    }
    for (; *fmt == 'l' || *fmt == 'z'; fmt++) {
        s->is_long = true;
    }
    s->letter = *fmt;
    return *fmt ? fmt + 1 : fmt;
}

static void convert(em_sink *sink, const spec *s, va_list *args)
{
    switch (s->letter) {
    case 'c': {
        char c = (char)va_arg(*args, int);
        put_field(sink, s, "", 0, &c, 1);
        break;
    }
    case 's':
        put_text(sink, s, va_arg(*args, const char *));
        break;
    case 'd':
    case 'i': {
        int64_t value = take_signed(s, args);
        put_number(sink, s, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0 ? "-" : "", 10);
        break;
    }
    case 'u':
        put_number(sink, s, take_unsigned(s, args), "", 10);
        break;
    case 'x':
    case 'X':
        put_number(sink, s, take_unsigned(s, args), "", 16);
        break;
    case 'p':
        put_number(sink, s, (uintptr_t)va_arg(*args, void *), "0x", 16);
        break;
    default: /* %% too */
        if (s->letter != '%') {
            sink->put(sink, '%');
        }
        if (s->letter) {
            sink->put(sink, s->letter);
        }
    }
}

void em_vformat_(em_sink *sink, const char *fmt, va_list args_of_caller)
{
    va_list args;
    va_copy(args, args_of_caller);
    while (*fmt) {
        if (*fmt != '%') {
            sink->put(sink, *fmt++);
            continue;
        }
        spec s;
        fmt = parse(fmt + 1, &s, &args);
        convert(sink, &s, &args);
    }
    va_end(args);
}

void em_format_(em_sink *sink, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    em_vformat_(sink, fmt, args);
    va_end(args);
}

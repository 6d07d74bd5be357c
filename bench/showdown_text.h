/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** The showdown's messages: "Button is %i (%i)\n" in 32 bytes, by hand or by the formatter of em_print(). */
#pragma once

struct message {
    char text[32];
};

#ifdef SHOWDOWN_FORMATS
#include "format.h"

typedef struct text_sink {
    em_sink sink;
    char *at;
    char *end;
} text_sink;

static void text_put(em_sink *sink, char c)
{
    text_sink *s = (text_sink *)(void *)sink;
    if (s->at < s->end) {
        *s->at++ = c;
    }
}

static inline struct message message_of(int is, int count)
{
    struct message m;
    text_sink sink = {{text_put}, m.text, m.text + sizeof m.text - 1};
    em_format_(&sink.sink, "Button is %i (%i)\n", is, count);
    *sink.at = '\0';
    return m;
}
#else
static char *put_int(char *at, int value)
{
    char digits[12];
    int n = 0;
    unsigned rest = value < 0 ? 0u - (unsigned)value : (unsigned)value;

    if (value < 0) {
        *at++ = '-';
    }
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    while (n > 0) {
        *at++ = digits[--n];
    }
    return at;
}

#define PUT_TEXT(at, text) (__builtin_memcpy(at, text, sizeof(text) - 1), (at) + sizeof(text) - 1)

static inline struct message message_of(int is, int count)
{
    struct message m;
    char *at = PUT_TEXT(m.text, "Button is ");
    at = put_int(at, is);
    at = PUT_TEXT(at, " (");
    at = put_int(at, count);
    at = PUT_TEXT(at, ")\n");
    *at = '\0';
    return m;
}
#endif

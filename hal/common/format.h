/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* printf's language without floating point, into whatever takes characters. */
#pragma once

#include <stdarg.h>

typedef struct em_sink {
    void (*put)(struct em_sink *sink, char c);
} em_sink;

/** Write @p fmt to @p sink: %c %s %d %i %u %x %X %p %%, with - 0 width precision * hh h l ll z. Context: any */
void em_vformat_(em_sink *sink, const char *fmt, va_list args);

/** As em_vformat_(). Context: any */
void em_format_(em_sink *sink, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

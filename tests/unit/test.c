/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The unit tests' frame. */
#include "test.h"

#include <string.h>

static char trace[4096];
static size_t trace_length;
static bool failed;

void em_test_fail(const char *what, const char *file, int line)
{
    failed = true;
    em_print("# %s:%d: %s\n", file, line, what);
}

void em_trace(const char *word)
{
    size_t n = strlen(word);
    if (trace_length + n + 2 > sizeof trace) {
        em_test_fail("the trace is full", __FILE__, __LINE__);
        return;
    }
    if (trace_length) {
        trace[trace_length++] = ' ';
    }
    memcpy(trace + trace_length, word, n + 1);
    trace_length += n;
}

void em_trace_number(const char *word, unsigned n)
{
    char text[32];
    char digits[10];
    size_t length = strlen(word);
    unsigned count = 0;

    memcpy(text, word, length);
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    while (count) {
        text[length++] = digits[--count];
    }
    text[length] = '\0';
    em_trace(text);
}

void em_trace_clear(void)
{
    trace_length = 0;
    trace[0] = '\0';
}

bool em_trace_is(const char *expected)
{
    bool same = strcmp(trace, expected) == 0;
    if (!same) {
        em_print("# expected: %s\n#      got: %s\n", expected, trace);
    }
    em_trace_clear();
    return same;
}

_Noreturn void em_test_run(const em_test *tests, unsigned count)
{
    unsigned failures = 0;

    em_irq_enable(); /* so that what is printed gets out meanwhile */
    em_print("1..%u\n", count);
    for (unsigned i = 0; i < count; i++) {
        failed = false;
        em_trace_clear();
        tests[i].run();
        failures += failed;
        em_print("%s %u - %s\n", failed ? "not ok" : "ok", i + 1, tests[i].name);
    }
    em_board_exit(failures ? 1 : 0);
}

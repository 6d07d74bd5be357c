/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The steps of a repeated schedule as lines, with the names of the words.
 *
 * Flow: scenario -> explore_name; explorer.c, at each step -> retell -> stdout
 */
#include "retell.h"
#include "choose.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

enum { MAX_NAMES = 64 };

static struct {
    const void *word;
    char name[24];
} names[MAX_NAMES];
static unsigned name_count;

void retell_begin(void)
{
    name_count = 0;
}

void explore_name(const void *word, const char *format, ...)
{
    va_list args;
    if (choose_is_replay() && name_count < MAX_NAMES) { /* who else prints no steps, and has no time */
        names[name_count].word = word;
        va_start(args, format);
        vsnprintf(names[name_count++].name, sizeof names[0].name, format, args);
        va_end(args);
    }
}

void retell(uint64_t step, unsigned hart, bool is_interrupt, const char *what, const void *word)
{
    if (!choose_is_replay()) {
        return;
    }
    const char *name = "";
    for (unsigned i = 0; i < name_count; i++) {
        if (names[i].word == word) {
            name = names[i].name;
        }
    }
    printf("%5u  hart %u %-10s %-8s %s\n", (unsigned)step, hart, is_interrupt ? "interrupt" : "", what, name);
}

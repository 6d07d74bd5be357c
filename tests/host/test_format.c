/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The formatter against the C library's, for everything that board.h promises, and its own answers to the rest. */
#include "format.h"
#include "test.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef struct text_sink {
    em_sink sink;
    char text[200];
    size_t n;
} text_sink;

static void put(em_sink *sink, char c)
{
    text_sink *t = (text_sink *)(void *)sink;
    t->text[t->n++] = c;
    t->text[t->n] = '\0';
}

static const char *ours;
static char theirs[200];

static bool same(void)
{
    bool is = strcmp(ours, theirs) == 0;
    if (!is) {
        em_print("# ours: %s\n# libc: %s\n", ours, theirs);
    }
    return is;
}

#define FORMAT(...)                              \
    ({                                           \
        static text_sink t_;                     \
        t_ = (text_sink){.sink = {put}};         \
        em_format_(&t_.sink, __VA_ARGS__);       \
        ours = t_.text;                          \
    })

#define CHECK_AS_LIBC(...)                              \
    do {                                                \
        FORMAT(__VA_ARGS__);                            \
        snprintf(theirs, sizeof theirs, __VA_ARGS__);   \
        CHECK(same());                                  \
    } while (0)

#define CHECK_TEXT(expected, ...)             \
    do {                                      \
        FORMAT(__VA_ARGS__);                  \
        strcpy(theirs, expected);             \
        CHECK(same());                        \
    } while (0)

static void integers_of_every_length(void)
{
    CHECK_AS_LIBC("%d %i %u", INT_MIN, INT_MAX, UINT_MAX);
    CHECK_AS_LIBC("%ld %lu %lld %llu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX);
    CHECK_AS_LIBC("%hd %hu %hhd %hhu", (short)-1, (unsigned short)65535, (signed char)-128, (unsigned char)255);
    CHECK_AS_LIBC("%zu %zd %zx", (size_t)SIZE_MAX, (ssize_t)-1, (size_t)SIZE_MAX);
    CHECK_AS_LIBC("%x %X %lx %hhx", 0xdeadbeefu, 0xdeadbeefu, 0x123456789abcdefUL, (unsigned char)0xab);
    CHECK_AS_LIBC("%d%u%x", 0, 0u, 0u);
}

static void truncation_by_length(void)
{
    int big = 0x12345;
    CHECK_TEXT("9029 69", "%hd %hhd", (short)big, (signed char)big);
}

static void width_and_zeros(void)
{
    CHECK_AS_LIBC("[%5d] [%-5d] [%05d] [%05d]", 42, 42, 42, -42);
    CHECK_AS_LIBC("[%2d] [%-2d] [%02d]", 12345, 12345, 12345);
    CHECK_AS_LIBC("[%16lx] [%016lx] [%-16lx]", 0xabcUL, 0xabcUL, 0xabcUL);
    CHECK_AS_LIBC("[%*d] [%-*d] [%*d]", 7, 1, 7, 2, -7, 3);
}

static void precision_of_numbers(void)
{
    CHECK_AS_LIBC("[%.3d] [%.3d] [%8.3d] [%-8.3d] [%.0d] [%.0d]", 7, -7, 7, 7, 0, 1);
    CHECK_AS_LIBC("[%.*u] [%.8x]", 4, 9u, 0xfu);
}

static void strings_and_characters(void)
{
    CHECK_AS_LIBC("[%s] [%10s] [%-10s] [%.2s] [%5.1s] [%.*s]", "abc", "abc", "abc", "abc", "abc", 2, "xyz");
    CHECK_AS_LIBC("[%c] [%3c] [%-3c]", 'x', 'y', 'z');
    CHECK_AS_LIBC("%s", "");
    CHECK_TEXT("(null)", "%s", (const char *)(uintptr_t)(em_hart_count() - 1));
    char unterminated[2] = {'o', 'k'};
    CHECK_AS_LIBC("%.2s", unterminated);
}

static void pointers(void)
{
    CHECK_AS_LIBC("%p", (void *)0x80000000ul);
    CHECK_AS_LIBC("[%20p] [%-20p]", (void *)0x1234ul, (void *)0x1234ul);
    CHECK_TEXT("0x0", "%p", (void *)0);
}

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
static void percent_and_what_it_does_not_know(void)
{
    CHECK_AS_LIBC("100%%");
    CHECK_TEXT("%f|7", "%f|%d", 7);
    CHECK_TEXT("end%", "end%");
    CHECK_TEXT("", "%s", "");
}

static const em_test tests[] = {
    TEST(integers_of_every_length),
    TEST(truncation_by_length),
    TEST(width_and_zeros),
    TEST(precision_of_numbers),
    TEST(strings_and_characters),
    TEST(pointers),
    TEST(percent_and_what_it_does_not_know),
};

int main(void)
{
    RUN_TESTS(tests);
}

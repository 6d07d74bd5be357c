/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Every kind of argument. On a host each line is printed, too: what the log shows has to be what printf says.
 */
#define EM_LOG_MODULE "kinds"
#define EM_LOG_LEVEL EM_LOG_TRACE

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#ifdef __riscv
#define BOTH(...) em_log_info(__VA_ARGS__)
#else
#include <stdio.h>
#define BOTH(...) \
    do { \
        em_log_info(__VA_ARGS__); \
        printf("= "); \
        printf(__VA_ARGS__); \
        printf("\n"); \
    } while (0)
#endif

enum color { RED = -2, BLUE = 7 };

static const char printer[] = "printer";
static const char *const names[] = {"north", "south, %d", ""};

static void integers(void)
{
    signed char c = -128;
    unsigned char uc = 255;
    short h = SHRT_MIN;
    unsigned short uh = USHRT_MAX;
    int64_t big = INT64_MIN;
    bool yes = true;
    enum color color = RED;
    BOTH("no arguments");
    BOTH("%d %i %u", -1, INT_MIN, UINT_MAX);
    BOTH("%hhd %hhu %hd %hu", c, uc, h, uh);
    BOTH("%ld %lu %lld %llu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX);
    BOTH("%zu %td %jd", sizeof big, names + 2 - names, (intmax_t)-5);
    BOTH("%" PRId64 " %" PRIx64 " %" PRIu32, big, UINT64_C(0xfedcba9876543210), UINT32_C(4000000000));
    BOTH("%x %X %#x %#o %o", 0xbeefu, 0xbeefu, 255u, 8u, 8u);
    BOTH("%x %hhx %hx", -1, uc, uh);
    BOTH("%d %d", yes, (int)color);
    BOTH("[%5d] [%-5d] [%05d] [%+d] [% d]", 42, 42, 42, 42, 42);
    BOTH("[%.3d] [%8.3d] [%-8.3x] [%.0d]", 5, -5, 5u, 0);
    BOTH("[%*d] [%-*d] [%.*d]", 6, 1, 6, 2, 4, 3);
    BOTH("[%*d]", -6, 1);
    BOTH("%#x %#o", 0u, 0u);
}

static void texts(void)
{
    BOTH("%c%c%c", 'a', '%', '~');
    BOTH("[%5c] [%-5c]", 'x', 'y');
    BOTH("100 %% of %s", printer);
    BOTH("%s and %s, %d left", names[0], names[1], 3);
    BOTH("[%10s] [%-10s] [%.3s] [%10.2s] [%s]", printer, printer, printer, printer, names[2]);
    BOTH("[%.*s]", 4, printer);
    BOTH("quotes \" ' and \\ and a tab\t.");
    BOTH("two " "pieces, umlauts: \xc3\xa4\xc3\xb6");
}

static void floats(void)
{
    double third = 1.0 / 3;
    float half = 0.5f;
    BOTH("%f %.2f %e %g %G", third, third, third, third, 1e20);
    BOTH("[%10.3f] [%-10.3f] [%010.3f] [%+.1f]", third, -third, -third, third);
    BOTH("%f %g", half, 1e300 * 10);
    BOTH("%d %f %s %f", 1, 2.0, printer, -0.0);
}

/* What is no constant is an address, or a copy. */
static void copies(void)
{
    static char network[60];
    strcpy(network, "attic");
    em_log_copy(EM_LOG_WARN, "joined '%s'", network, sizeof network);
    em_log_copy(EM_LOG_DEBUG, "[%8s]", network, 3);
    em_log_copy(EM_LOG_TRACE, "nothing [%s]", network + 5, 10);
    memset(network, 'x', sizeof network);
    em_log_copy(EM_LOG_ERROR, "%s.", network, sizeof network);
    em_log_info("address %s", network);
    em_log_info("pointer %p, none %p", (const void *)network, (void *)0);
}

MAIN()
{
    ASYNC {
        integers();
        texts();
        floats();
        copies();
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A line of the log: the call, whose arguments are at hand, to its end.
 *
 * Flow: em_log_info -> the ring
 */
#include "bench.h"

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>

static bench_row rows[] = {
    {.name = "log_0"}, {.name = "log_1"}, {.name = "log_3"}, {.name = "log_copy_8"}, {.name = "log_off"},
};

static volatile int value = 3;

static void measure(void)
{
    int a = value, b = value, c = value;
    BENCH_OF(&rows[0], em_log_info("nothing"));
    BENCH_OF(&rows[1], em_log_info("one: %d", a));
    BENCH_OF(&rows[2], em_log_info("three: %d %d %d", a, b, c));
    BENCH_OF(&rows[3], em_log_copy(EM_LOG_INFO, "copy: %s", "12345678", 8));
    BENCH_OF(&rows[4], em_log_debug("not there: %d", a));
}

MAIN()
{
    ASYNC {
        bench_self_test();
        for (int i = 0; i < BENCH_ROUNDS; i++)
            measure();
        BENCH_END(rows);
    }
}

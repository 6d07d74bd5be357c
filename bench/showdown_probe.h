/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** The showdown's pins: stamps where it is measured, nothing where its size is. */
#pragma once

#ifdef SHOWDOWN_MEASURED
#include "bench.h"

#include <stdbool.h>

static volatile bool probe_led;
static bench_row probe_rows[] = {
    {.name = SHOWDOWN_MEASURED "_thread"},
    {.name = SHOWDOWN_MEASURED "_due_task"},
};

static inline void probe_done(uint64_t stamp)
{
    bench_sample(&probe_rows[0], stamp - bench_start_at - 2);
    if (probe_rows[0].samples == BENCH_ROUNDS) {
        BENCH_END(probe_rows);
    }
}

#define PROBE_START() bench_self_test()
#define PROBE_BEFORE_WAIT() rtc_alarm_after(20000000) /* 20 ms */
#define PROBE_AFTER_WAIT()                                        \
    do {                                                          \
        BENCH_SAMPLE(&probe_rows[1], bench_wake_to(bench_stamp)); \
        BENCH_START();                                            \
    } while (0)
#define PROBE_DONE() probe_done(bench_now())
#else
#include "quiet.h"
#define probe_led quiet_led
#define PROBE_START() (void)0
#define PROBE_BEFORE_WAIT() (void)0
#define PROBE_AFTER_WAIT() (void)0
#define PROBE_DONE() (void)0
#endif

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Rounds of tasks that are all ready: one of them stamps each round, in so few instructions that its body stays as the
 * others'. A sample is a round, divided by its polls.
 *
 * Flow: STAMP, in one task -> yield_stamps -> sample_rounds
 */
#pragma once

#include "bench.h"

/* yield_stamps[yield_rounds++ % 128] = mcycle: of two stamps' difference, 12 instructions are the stamp's own. */
#define STAMPS 128
#define STAMP_COST 12
uint64_t yield_stamps[STAMPS];
uint64_t yield_rounds;

#define STAMP()                                                                                       \
    __asm__ volatile(".option push\n\t.option norelax\n\tla t0, yield_rounds\n\tla t2, yield_stamps\n\t" \
                     ".option pop\n\tld t1, 0(t0)\n\taddi t1, t1, 1\n\tsd t1, 0(t0)\n\tandi t1, t1, 127\n\t" \
                     "slli t1, t1, 3\n\tadd t1, t1, t2\n\tcsrr t0, mcycle\n\tsd t0, 0(t1)"            \
                     ::: "t0", "t1", "t2", "memory")

/* The last rounds but those in which this task was woken. */
static void sample_rounds(bench_row *row)
{
    uint64_t last = yield_rounds - 4;
    for (uint64_t i = last - BENCH_ROUNDS; i < last; i++) {
        bench_sample(row, yield_stamps[(i + 1) % STAMPS] - yield_stamps[i % STAMPS] - STAMP_COST);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Counting instructions: stamps, samples, and the lines `name value` or `name min..max` at the end.
 *
 * Flow: a benchmark -> BENCH_START, BENCH_SAMPLE -> bench_end -> bench/run
 *
 * Rules for benchmarks:
 *  - Under QEMU's `-icount shift=0` mcycle counts retired instructions, and the nanoseconds asleep: never
 *    subtract across a sleep. bench_self_test() refuses any other condition.
 *  - What is counted is what stands between two stamps, without them. Nothing that is counted is changed
 *    for the counting: what cannot be stamped is counted in a trace (trace.py).
 *  - One image, one group of numbers; a row has 40 samples, of which the first 8 are not counted.
 */
#pragma once

#include <stdint.h>

#define BENCH_ROUNDS 40
#define BENCH_WARMUP 8

typedef struct bench_row {
    const char *name;
    uint32_t divisor; /* a sample is of so many things; 0 is 1 */
    uint32_t samples;
    uint64_t min;
    uint64_t max;
} bench_row;

extern uint64_t bench_start_at; /* of BENCH_START */

static inline uint64_t bench_now(void)
{
    uint64_t now;
    __asm__ volatile("csrr %0, mcycle" : "=r"(now)::"memory");
    return now;
}

/* The stamp, and the one instruction that stores it. */
#define BENCH_START() \
    __asm__ volatile("csrr t0, mcycle\n\tsd t0, 0(%0)" ::"r"(&bench_start_at) : "t0", "memory")

/* Stamp first, then add a sample, which is given in terms of bench_stamp. */
#define BENCH_SAMPLE(row, value)              \
    do {                                      \
        const uint64_t bench_stamp = bench_now(); \
        bench_sample(row, value);             \
    } while (0)

/* In BENCH_SAMPLE: how many instructions since BENCH_START(), without the two of it, and without the stamp. */
#define BENCH_COUNT (bench_stamp - bench_start_at - 2)

/* A sample of what @p ..., a statement, executes. */
#define BENCH_OF(row, ...)                \
    do {                                  \
        BENCH_START();                    \
        __VA_ARGS__;                      \
        BENCH_SAMPLE(row, BENCH_COUNT);   \
    } while (0)

/** Refuse anything but exact counting: panics. First of all in each benchmark. */
void bench_self_test(void);

/** Add a sample. */
void bench_sample(bench_row *row, uint64_t value);

/** A row of one value that needs no warm-up: a size. */
void bench_value(const char *name, uint64_t value);

/** Print @p n rows and end the program. */
_Noreturn void bench_end(const bench_row *rows, unsigned n);
#define BENCH_END(rows) bench_end(rows, sizeof(rows) / sizeof(rows)[0])

/** Print what is wrong and end the program with status 1. */
_Noreturn void bench_fail(const char *what);

/* -- around the sleep (idle.S) ------------------------------------------------------------------ */

/** Instructions from BENCH_START() to the executor's `wfi`, at the last sleep. */
uint64_t bench_start_to_sleep(void);

/** Instructions from the executor's `wfi`, when it last woke up, to @p now. */
uint64_t bench_wake_to(uint64_t now);

/** What bench_wake_to() said last. */
uint64_t bench_last_wake(void);

/** Instructions of the last stretch between two sleeps: for the hook. */
uint64_t bench_stretch(void);

/* Called before each sleep; nothing of it is counted. */
extern void (*bench_before_sleep)(void);

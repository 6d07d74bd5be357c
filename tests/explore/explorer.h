/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The explorer: runs a scenario again and again, each time with another order of steps, until every
 * order with at most so many preemptions was had, or one breaks a check.
 *
 * A hart is a coroutine; an interrupt is one that stops its hart's until it is over. The places where they
 * alternate are the accesses of <em/arch.h>, each unmasking where a hart has interrupts, and
 * explore_point(). Memory is sequentially consistent: what weaker orders could do is tests/tsan's part.
 *
 * Rules for scenarios:
 *  - setup() makes everything anew; it is not explored. quiet() checks at the end, when nobody can go on.
 *  - A hart that waits for another's write calls em_arch_relax() after looking, as product code does.
 *  - The end is quiet if every hart has returned from its function or sleeps in explore_sleep().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct explore_scenario {
    const char *name;
    void (*setup)(void);
    void (*quiet)(void);
} explore_scenario;

/* One way to go through the schedules. */
typedef struct explore_plan {
    unsigned preemptions; /* at most so many a schedule */
    uint64_t schedules;   /* at most so many of them */
    uint64_t seed;        /* not 0: at random, starting from it, instead of in order */
    const char *replay;   /* not NULL: one schedule, in the form in which a failure prints it, step by step */
} explore_plan;

typedef struct explore_result {
    uint64_t schedules;
    uint64_t steps;
    bool all; /* every schedule within the bound of preemptions */
} explore_result;

/** Run @p s as @p plan says; ends the process with status 1 at the first failure. */
explore_result explore_run(const explore_scenario *s, const explore_plan *plan);

/** A hart's main program. For setup(). */
void explore_hart(unsigned hart, void (*run)(uintptr_t), uintptr_t arg);

/**
 * An interrupt of a hart, which comes @p times times, whenever its hart is not masked. For setup().
 *
 * With level 0 it runs masked; others run unmasked and are interrupted by higher levels.
 * Returns: its number for explore_raise().
 */
unsigned explore_interrupt(unsigned hart, unsigned level, void (*run)(uintptr_t), uintptr_t arg, unsigned times);

/** Make an interrupt pending: it comes as soon as its hart lets it. */
void explore_raise(unsigned interrupt);

/** Interrupt another hart: it only ends its sleep. */
void explore_ipi(unsigned hart);

/** Wait for an interrupt, masked. Returns when one is pending. */
void explore_sleep(void);

/** Another may come here. */
void explore_point(const char *what);

/** A name for traces. */
void explore_name(const void *word, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Fail unless @p ok, printing the schedule. */
#define explore_check(ok)                            \
    do {                                             \
        if (!(ok))                                   \
            explore_fail(__FILE__, __LINE__, #ok);   \
    } while (0)
_Noreturn void explore_fail(const char *file, unsigned line, const char *what);

/* Defined by the world: every access that changed a word. */
void world_changed(const void *word, uintptr_t before, uintptr_t after);

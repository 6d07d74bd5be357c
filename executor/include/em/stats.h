/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What a task has cost, with the option `stats`; without it nothing is counted, and no byte is there for it.
 *
 * Flow: em_wake, the executor's poll -> here -> em_dump_tasks (em/dump.h), em_stats_of
 */
#pragma once

#include <em/config.h>
#include <stdint.h>

/* Of one life of a slot. Times: ticks of EM_TICK_HZ; whatever interrupted a poll is in it. */
typedef struct em_stats {
    int32_t polls;
    int32_t wakes; /* calls of em_wake(), also those that found it queued */
    uint64_t ran;  /* time in polls */
    uint64_t longest;
} em_stats;

/** The clock of the statistics; the executor has none. A board's. Context: task */
uint64_t em_stats_clock_(void);

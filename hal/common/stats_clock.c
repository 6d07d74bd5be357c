/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The clock of the option `stats`: the board's.
 *
 * Flow: executor/stats.c -> here -> time
 */
#include <em/stats.h>
#include <em/time.h>

uint64_t em_stats_clock_(void)
{
    return em_now().ticks;
}

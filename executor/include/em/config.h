/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The knobs of this build, as meson wrote them, each with its limits.
 *
 * Every knob is always defined, so `if (EM_CFG_X)` works and a misspelt name is a warning.
 */
#pragma once

#include <em_config.h>

_Static_assert(EM_CFG_MAX_HARTS >= 1 && EM_CFG_MAX_HARTS <= 8, "max_harts: 1 to 8 harts");
_Static_assert(EM_CFG_MODE_S == 0 || EM_CFG_MODE_S == 1, "mode: m or s");
_Static_assert(EM_CFG_DEADLINES == 0 || EM_CFG_DEADLINES == 1, "deadlines: true or false");
_Static_assert(EM_CFG_STATS == 0 || EM_CFG_STATS == 1, "stats: true or false");
_Static_assert(EM_CFG_TRACE == 0 || EM_CFG_TRACE == 1, "trace: true or false");
_Static_assert(EM_CFG_TRACE_RECORDS >= 16 && (EM_CFG_TRACE_RECORDS & (EM_CFG_TRACE_RECORDS - 1)) == 0,
               "trace_records: a power of two from 16 on");
_Static_assert(EM_CFG_LOG_LEVEL >= 0 && EM_CFG_LOG_LEVEL <= 5, "log_level: off, error, warn, info, debug, trace");
/* Both are the option `checks`. Apart, because tests of a few files have texts and asserts without the books. */
_Static_assert(EM_CFG_CHECKS == 0 || EM_CFG_CHECKS == 1, "checks: true or false");
_Static_assert(EM_CFG_DEBUG == 0 || EM_CFG_DEBUG == 1, "checks: true or false");
_Static_assert(EM_TICK_HZ >= 1000 && EM_TICK_HZ <= 1000000000, "the timebase: 1 kHz to 1 GHz");

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The knobs of the stress's build. */
#pragma once

#define EM_CFG_MAX_HARTS 8
#define EM_CFG_MODE_S 0
#define EM_CFG_DEADLINES 0
#define EM_CFG_STATS 0
#define EM_CFG_TRACE 0
#define EM_CFG_TRACE_RECORDS 1024
#define EM_CFG_LOG_LEVEL 3
#define EM_CFG_CHECKS 0
#define EM_CFG_DEBUG 0
#define EM_TICK_HZ 1000000

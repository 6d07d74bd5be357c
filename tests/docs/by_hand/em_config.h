/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a build system without meson has to provide: this board's facts, and the knobs (em/config.h). */
#define EM_CFG_MAX_HARTS 1
#define EM_CFG_MODE_S 0
#define EM_CFG_DEADLINES 0
#define EM_CFG_STATS 0
#define EM_CFG_TRACE 0
#define EM_CFG_TRACE_RECORDS 1024
#define EM_CFG_LOG_LEVEL 3
#define EM_CFG_CHECKS 0
#define EM_CFG_DEBUG 0
#define EM_TICK_HZ 10000000

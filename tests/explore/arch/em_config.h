/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The knobs of the explorer's build; EM_CFG_MAX_HARTS=1 makes the one without locks. */
#pragma once

#ifndef EM_CFG_MAX_HARTS
#define EM_CFG_MAX_HARTS 4
#endif
#define EM_CFG_MODE_S 0
#define EM_CFG_DEADLINES 0
#define EM_CFG_STATS 0
#define EM_CFG_TRACE 0
#define EM_CFG_TRACE_RECORDS 1024
#define EM_CFG_LOG_LEVEL 3
#define EM_CFG_CHECKS 0 /* their lock would be a place to preempt at */
#define EM_CFG_DEBUG 1
#define EM_TICK_HZ 1000000

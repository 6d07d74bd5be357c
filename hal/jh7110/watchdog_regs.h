/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The watchdog's registers.
 *
 * Ref: [VF2UB] drivers/watchdog/starfive_wdt.c
 */
#pragma once

#include <memory_map.h>

#define WATCHDOG_LOAD 0x000    /* clocks to an expiry; a write starts them anew */
#define WATCHDOG_CONTROL 0x008
#define WATCHDOG_INTCLR 0x00c  /* any write: the first expiry is forgotten, and LOAD again */
#define WATCHDOG_LOCK 0xc00

#define WATCHDOG_CONTROL_RUN (1u << 0)
#define WATCHDOG_CONTROL_RESET (1u << 1) /* at the second expiry in a row */
#define WATCHDOG_KEY 0x1acce551u         /* into LOCK; anything else locks */

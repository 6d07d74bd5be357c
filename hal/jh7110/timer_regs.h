/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timer block's registers: four channels of 32 bits that count down at 24 MHz, 0x40 apart.
 *
 * Ref: [VF2TIMER] drivers/clocksource/timer-jh7110.c
 */
#pragma once

#include <memory_map.h>

#define TIMER_CTL 0x04 /* 0: again and again, 1: once */
#define TIMER_LOAD 0x08
#define TIMER_ENABLE 0x10
#define TIMER_VALUE 0x18
#define TIMER_INT_CLR 0x20 /* a write of 1, when it is not busy */
#define TIMER_INT_CLR_BUSY (1u << 1)
#define TIMER_INT_MASK 0x24 /* 1: masked */
#define TIMER_CHANNEL 0x40

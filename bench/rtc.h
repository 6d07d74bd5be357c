/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * QEMU's real-time clock, a Goldfish RTC: its alarm is the interrupt from outside. Nanoseconds.
 *
 * Ref: the device tree, /soc/rtc; the Goldfish RTC's registers: a high half is latched by, or goes before, the low one
 */
#pragma once

#include <stdint.h>

#define RTC_IRQ 11
#define RTC_REG(offset) (*(volatile uint32_t *)(0x101000ul + (offset)))

static inline void rtc_alarm_after(uint64_t ns)
{
    uint64_t at = RTC_REG(0x00);
    at += ((uint64_t)RTC_REG(0x04) << 32) + ns;
    RTC_REG(0x10) = 1;
    RTC_REG(0x0c) = (uint32_t)(at >> 32);
    RTC_REG(0x08) = (uint32_t)at;
}

static inline void rtc_silence(void)
{
    RTC_REG(0x1c) = 1;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A device to interrupt us: the alarm of QEMU virt's real-time clock. Not part of Emissary: for the cookbook.
 *
 * Ref: [RTC] registers; the device tree of `-machine virt`, /soc/rtc
 */
#pragma once

#include <stdint.h>

#define RTC_IRQ 11

static inline volatile uint32_t *rtc_reg(uintptr_t offset)
{
    return (volatile uint32_t *)(0x00101000 + offset);
}

/** Interrupt in @p ns nanoseconds. */
static inline void rtc_alarm_in_ns(uint64_t ns)
{
    uint64_t now = *rtc_reg(0x00); /* latches the upper half */
    uint64_t at = (now | (uint64_t)*rtc_reg(0x04) << 32) + ns;
    *rtc_reg(0x10) = 1; /* IRQ_ENABLED */
    *rtc_reg(0x0c) = (uint32_t)(at >> 32);
    *rtc_reg(0x08) = (uint32_t)at; /* and this starts it */
}

/** No alarm, and no interrupt of one that came. */
static inline void rtc_silence(void)
{
    *rtc_reg(0x14) = 1; /* CLEAR_ALARM */
    *rtc_reg(0x1c) = 1; /* CLEAR_INTERRUPT */
}

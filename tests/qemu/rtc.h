/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The goldfish RTC of QEMU's virt, as a device that interrupts when it is told to: nanoseconds, level.
 *
 * Ref: device tree of virt, /soc/rtc; QEMU docs/specs, goldfish-rtc
 */
#pragma once

#include <em/irq.h>
#include <stdint.h>

#define RTC_IRQ 11
#define RTC_BASE 0x00101000ul
#define RTC_REG(offset) (*(volatile uint32_t *)(RTC_BASE + (offset)))

static inline uint64_t rtc_now(void)
{
    uint64_t low = RTC_REG(0x00); /* latches the high half */
    return (uint64_t)RTC_REG(0x04) << 32 | low;
}

/* Interrupt in @p ns nanoseconds. */
static inline void rtc_set_alarm(uint64_t ns)
{
    uint64_t at = rtc_now() + ns;
    RTC_REG(0x10) = 1;
    RTC_REG(0x0c) = (uint32_t)(at >> 32);
    RTC_REG(0x08) = (uint32_t)at;
}

/* It interrupts no more. */
static inline void rtc_clear(void)
{
    RTC_REG(0x1c) = 1;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** The timer interrupt as a bare device, for images without the time layer. */
#pragma once

#include <memory_map.h>
#include <stdint.h>

#define CLINT_MTIME ((volatile uint64_t *)(CLINT_BASE + 0xbff8))
#define CLINT_MTIMECMP ((volatile uint64_t *)(CLINT_BASE + 0x4000))
#define CLINT_MSIP ((volatile uint32_t *)CLINT_BASE)

static inline void clint_timer_enable(void)
{
    *CLINT_MTIMECMP = UINT64_MAX;
    __asm__ volatile("csrs mie, %0" ::"r"(1 << 7));
}

/* Due in 10 us: long enough to go to sleep. */
static inline void clint_timer_start(void)
{
    *CLINT_MTIMECMP = *CLINT_MTIME + 100;
}

void em_irq_timer_(void);
void em_irq_software_(void);

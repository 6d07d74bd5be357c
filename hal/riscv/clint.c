/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time driver of M-mode: the CLINT's mtime and mtimecmp.
 *
 * Invariant: mie.MTIE is set if and only if an alarm is wanted and has not come yet. So neither the
 * reset value of mtimecmp nor a stale one matters, and silencing costs no access to the device.
 *
 * Flow: timer_queue.c -> em_time_driver_set_alarm -> the hardware -> em_irq_timer_ -> em_time_on_alarm
 * Ref:  [PRIV] 3.2.1
 */
#include "csr.h"
#include "hart.h"
#include "irq.h"

#include <em/time_driver.h>
#include <em/trace.h>
#include <memory_map.h>

static volatile uint64_t *mtimecmp(void)
{
    return (volatile uint64_t *)(CLINT_BASE + 0x4000) + em_this_hart_physical_();
}

/* One 64-bit load: no carry to lose between halves. The time CSR does not exist on every machine. */
uint64_t em_time_driver_now(void)
{
    return *(const volatile uint64_t *)(CLINT_BASE + 0xbff8);
}

void em_time_driver_set_alarm(uint64_t at)
{
    *mtimecmp() = at;
    csr_set(mie, 1UL << IRQ_TIMER);
}

void em_irq_timer_(void)
{
    em_trace_irq_begin_(IRQ_TIMER);
    csr_clear(mie, 1UL << IRQ_TIMER);
    em_time_on_alarm();
    em_trace_irq_end_(IRQ_TIMER, 0);
}

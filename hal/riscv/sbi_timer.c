/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The alarm of S-mode: the SBI's timer. The clock is the time CSR (sbi_clock.c), or a board's own of the same ticks.
 *
 * Invariant: sie.STIE is set if and only if an alarm is wanted and has not come yet. So a wish for none,
 * and silencing, cost no call of the SBI.
 *
 * Flow: timer_queue.c -> em_time_driver_set_alarm -> the SBI -> em_irq_timer_ -> em_time_on_alarm
 */
#include "csr.h"
#include "irq.h"
#include "sbi.h"

#include <em/time_driver.h>
#include <em/trace.h>

void em_time_driver_set_alarm(uint64_t at)
{
    if (at == UINT64_MAX) {
        csr_clear(sie, 1UL << IRQ_TIMER);
        return;
    }
    sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, at); /* clears what is pending, unless at is past */
    csr_set(sie, 1UL << IRQ_TIMER);
}

void em_irq_timer_(void)
{
    em_trace_irq_begin_(IRQ_TIMER);
    csr_clear(sie, 1UL << IRQ_TIMER);
    em_time_on_alarm();
    em_trace_irq_end_(IRQ_TIMER, 0);
}

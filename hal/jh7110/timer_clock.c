/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time driver of S-mode with a clock that is read without a trap: channel 0 of the timer block. The alarm is the
 * SBI's, as in hal/riscv/sbi_timer.c. Both count the same oscillator, the block at six times the rate of mtime.
 *
 * The counter has 32 bits and is round in 179 s: whoever reads it puts the missing ones in front, from `seen`, a count
 * of less than a round ago. For that channel 1 interrupts twice in each.
 *
 * Invariant: sie.STIE is set if and only if an alarm is wanted and has not come yet.
 *
 * Flow: timer_queue.c -> em_time_driver_set_alarm -> the SBI -> em_irq_timer_ -> em_time_on_alarm
 */
#include "crg.h"
#include "csr.h"
#include "irq.h"
#include "sbi.h"
#include "timer_regs.h"

#include <em/irq.h>
#include <em/lock.h>
#include <em/time_driver.h>
#include <em/trace.h>

#define PER_TICK 6 /* counts of the block a tick of mtime */
#define BEHIND (1u << 20) /* 44 ms: another hart may have renewed `seen` since we read the counter */
#define OLD (1u << 30)    /* 45 s: it is renewed */

static const em_crg_needs needs = {&em_crg_sys, {TIMER_CLOCK_APB, TIMER_CLOCK(0), TIMER_CLOCK(1)},
                                   {TIMER_RESET_APB, TIMER_RESET(0), TIMER_RESET(1)}};

static em_lock lock;
static em_interrupt half_round;
static int32_t started;
static uint64_t seen; /* a count; any hart's */
static uint64_t zero; /* mtime when the count was 0 */

static volatile uint32_t *at(unsigned channel, unsigned offset)
{
    return (volatile uint32_t *)(uintptr_t)(TIMER_BASE + TIMER_CHANNEL * channel + offset);
}

static uint64_t count(void)
{
    uint64_t last = *(volatile uint64_t *)&seen;
    uint64_t now = last + (uint32_t)(~*at(0, TIMER_VALUE) - (uint32_t)last + BEHIND) - BEHIND;

    if ((int64_t)(now - last) > OLD) {
        *(volatile uint64_t *)&seen = now;
    }
    return now;
}

static void start_channel(unsigned channel, uint32_t load, bool masked)
{
    *at(channel, TIMER_ENABLE) = 0;
    *at(channel, TIMER_INT_MASK) = masked;
    *at(channel, TIMER_CTL) = 0;
    *at(channel, TIMER_LOAD) = load;
    *at(channel, TIMER_ENABLE) = 1;
}

static void on_half_round(void *arg)
{
    (void)arg;
    while (*at(1, TIMER_INT_CLR) & TIMER_INT_CLR_BUSY) {
    }
    *at(1, TIMER_INT_CLR) = 1;
    count();
}

static void start(void)
{
    em_irq irq = em_lock_acquire(&lock);
    bool first = !started;
    if (first) {
        em_crg_bring_up(&needs);
        start_channel(0, UINT32_MAX, true);
        seen = (uint32_t)~*at(0, TIMER_VALUE);
        zero = csr_read(time) - seen / PER_TICK;
        start_channel(1, 1u << 31, false);
        em_atomic_store(&started, 1);
    }
    em_lock_release(&lock, irq);
    if (first) {
        em_interrupt_bind(&half_round, TIMER_IRQ(1), on_half_round, NULL);
        em_interrupt_enable(&half_round);
    }
}

uint64_t em_time_driver_now(void)
{
    if (__builtin_expect(!em_atomic_load(&started), 0)) {
        start();
    }
    return zero + count() / PER_TICK;
}

void em_time_driver_set_alarm(uint64_t when)
{
    if (when == UINT64_MAX) {
        csr_clear(sie, 1UL << IRQ_TIMER);
        return;
    }
    sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, when + 1); /* mtime may be a tick ahead of what we make of the count */
    csr_set(sie, 1UL << IRQ_TIMER);
}

void em_irq_timer_(void)
{
    em_trace_irq_begin_(IRQ_TIMER);
    csr_clear(sie, 1UL << IRQ_TIMER);
    em_time_on_alarm();
    em_trace_irq_end_(IRQ_TIMER, 0);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A clock of S-mode that is read without a trap: channel 0 of the timer block, for the time CSR. It and mtime, by which
 * the alarm goes, count the same oscillator, the block at six times the rate.
 *
 * The counter has 32 bits and is round in 179 s: whoever reads it puts the missing ones in front, from `seen`, a count
 * of less than a round ago. For that channel 1 interrupts twice in each.
 *
 * Invariant: it is not behind mtime, so that at an alarm the time has come.
 *
 * Flow: em_now, timer_queue.c -> here -> the timer block
 */
#include "crg.h"
#include "csr.h"
#include "timer_regs.h"

#include <em/irq.h>
#include <em/lock.h>
#include <em/time_driver.h>

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
        zero = csr_read(time) + 1 - seen / PER_TICK; /* 1: their ticks do not begin together */
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

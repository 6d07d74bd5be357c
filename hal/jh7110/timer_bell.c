/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Doorbells between M-mode on hart 0 and S-mode on the others, neither of whom can raise the other's software
 * interrupt: that of a hart in S-mode is the firmware's, and the CLINT is not S-mode's. Both reach the PLIC, and a
 * timer channel each, whose expiry is the ring: as a ring starts it anew, the last one is always heard.
 *
 * Flow: em_doorbell_ring -> a channel of the timer block -> the PLIC -> on_interrupt -> em_signal_set
 * Ref:  [VF2TIMER] the order of an interrupt's clearing
 */
#include "crg.h"
#include "hart0.h"
#include "timer_regs.h"

#include <em/assert.h>
#include <em/doorbell.h>
#include <em/irq.h>

#define OWN_BELL (EM_CFG_MODE_S ? BELL_OF_OTHERS : BELL_OF_HART0)
#define ONCE 1
#define SOON 24 /* clocks: 1 us */
#define LONG_ENOUGH 1000000 /* reads */

/* Who is in S-mode came first, and brings them up for both. */
static const em_crg_needs needs = {
    &em_crg_sys,
    {TIMER_CLOCK_APB, TIMER_CLOCK(BELL_OF_HART0), TIMER_CLOCK(BELL_OF_OTHERS)},
    {TIMER_RESET_APB, TIMER_RESET(BELL_OF_HART0), TIMER_RESET(BELL_OF_OTHERS)}};

static em_signal bell;
static em_interrupt interrupt;

static void start(void)
{
    static bool up; /* twice, by two harts, is harmless */

    if (EM_CFG_MODE_S && !up) {
        em_crg_bring_up(&needs);
        up = true;
    }
}

static volatile uint32_t *at(unsigned channel, unsigned offset)
{
    return (volatile uint32_t *)(uintptr_t)(TIMER_BASE + TIMER_CHANNEL * channel + offset);
}

void em_doorbell_ring(unsigned physical)
{
    unsigned channel = physical == 0 ? BELL_OF_HART0 : BELL_OF_OTHERS;

    start();
    __asm__ volatile("fence rw, o" ::: "memory");
    *at(channel, TIMER_ENABLE) = 0;
    *at(channel, TIMER_CTL) = ONCE;
    *at(channel, TIMER_LOAD) = SOON;
    *at(channel, TIMER_INT_MASK) = 0;
    *at(channel, TIMER_ENABLE) = 1;
}

static void on_interrupt(void *arg)
{
    (void)arg;
    for (unsigned reads = 0; *at(OWN_BELL, TIMER_INT_CLR) & TIMER_INT_CLR_BUSY; reads++) {
        EM_ASSERT(reads < LONG_ENOUGH);
    }
    *at(OWN_BELL, TIMER_INT_CLR) = 1;
    em_signal_set(&bell);
}

em_signal *em_doorbell(void)
{
    static bool bound;

    if (!bound) {
        bound = true;
        start();
        em_interrupt_bind(&interrupt, TIMER_IRQ(OWN_BELL), on_interrupt, NULL);
        em_interrupt_enable(&interrupt);
    }
    return &bell;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The JH7110's watchdog. It resets at its second expiry in a row: LOAD is half of the limit. At the first it
 * interrupts, which is when who hangs can still be said.
 *
 * Invariant, without the lock: the device is locked, against stray writes; its interrupt is masked from a report on
 * until it is fed.
 *
 * Flow: em_watchdog_keep -> poll -> em_watchdog_feed -> the hardware;  plic.c -> on_interrupt -> em_report_sink_
 */
#include "crg.h"
#include "report.h"
#include "watchdog_regs.h"

#include <em/irq.h>
#include <em/lock.h>
#include <em/watchdog.h>

static const em_crg_needs needs = {&em_crg_sys, {WATCHDOG_CLOCK_APB, WATCHDOG_CLOCK_CORE},
                                   {WATCHDOG_RESET_APB, WATCHDOG_RESET_CORE}};
static em_lock lock;
static em_interrupt interrupt;
static bool bound, reported;

static void set(unsigned offset, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)(WATCHDOG_BASE + offset) = value;
}

static em_irq open_device(void)
{
    em_irq irq = em_lock_acquire(&lock);
    set(WATCHDOG_LOCK, WATCHDOG_KEY);
    return irq;
}

static void close_device(em_irq irq)
{
    set(WATCHDOG_LOCK, 0);
    em_lock_release(&lock, irq);
}

/* Not cleared: that would be feeding. */
static void on_interrupt(void *arg)
{
    (void)arg;
    em_irq irq = em_lock_acquire(&lock);
    em_interrupt_disable(&interrupt);
    reported = true;
    em_lock_release(&lock, irq);
    em_format_(&em_report_sink_, "\n*** watchdog: not fed for half of its time\n");
    em_report_running_();
}

static void feed(void)
{
    set(WATCHDOG_INTCLR, 1);
    if (reported) {
        reported = false;
        em_interrupt_enable(&interrupt);
    }
}

static void listen(void)
{
    if (!bound) {
        bound = true;
        em_interrupt_bind(&interrupt, WATCHDOG_IRQ, on_interrupt, NULL);
        em_interrupt_enable(&interrupt);
    }
}

int em_watchdog_start(em_duration limit)
{
    uint64_t load;

    if (em_scale_(limit.ticks, WATCHDOG_HZ / 2, EM_TICK_HZ, false, &load) || load < WATCHDOG_HZ / 2 / 1000000 ||
        load > UINT32_MAX) {
        return EM_ERR_INVAL;
    }
    em_crg_bring_up(&needs);
    em_irq irq = open_device();
    set(WATCHDOG_CONTROL, 0);
    set(WATCHDOG_LOAD, (uint32_t)load);
    feed();
    set(WATCHDOG_CONTROL, WATCHDOG_CONTROL_RUN | WATCHDOG_CONTROL_RESET);
    close_device(irq);
    listen();
    return EM_OK;
}

void em_watchdog_feed(void)
{
    em_irq irq = open_device();
    feed();
    close_device(irq);
}

void em_watchdog_stop(void)
{
    em_irq irq = open_device();
    set(WATCHDOG_CONTROL, 0);
    close_device(irq);
}

static em_poll keep_poll(em_future *future, em_context *cx)
{
    em_watchdog_keep_future *f = (em_watchdog_keep_future *)(void *)future;

    do {
        if (!f->timing) {
            em_watchdog_feed();
            em_timer_after(&f->timer, f->period);
        }
        f->timing = !em_future_poll(&f->timer.future, cx).ready;
    } while (!f->timing);
    return EM_PENDING;
}

static void keep_drop(em_future *future)
{
    em_watchdog_keep_future *f = (em_watchdog_keep_future *)(void *)future;
    if (f->timing) {
        em_future_drop(&f->timer.future);
    }
}

const em_future_ops em_watchdog_keep_ops = {.poll = keep_poll, .drop = keep_drop, .name = "watchdog"};

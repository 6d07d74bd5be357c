/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An interrupt that logs into the middle of a task that does: each line stays whole.
 */
#define EM_LOG_MODULE "isr"

#include "../qemu/rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>

#define INTERRUPTS 300

static em_interrupt irq;
static int32_t served;

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    em_log_warn("interrupt %d of %s at %x", served, "the clock", (unsigned)served * 16);
    served++;
    if (served < INTERRUPTS)
        rtc_set_alarm(20000 + (uint64_t)served * 37);
}

MAIN()
{
    ASYNC {
        em_interrupt_bind(&irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&irq);
        rtc_set_alarm(0);
        unsigned long long i = 0;
        for (; em_atomic_load(&served) < INTERRUPTS; i++)
            em_log_info("task %llu %llu", i, ~i);
        em_log_error("lines of the task: %llu", i);
        em_board_exit(0);
    }
}

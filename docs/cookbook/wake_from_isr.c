/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An interrupt handler that wakes a task.
 *
 * boards: qemu_virt (m, s)
 * expect:
 *   alarm 1
 *   alarm 2
 *   alarm 3
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/irq.h>

static em_interrupt rtc;
static em_signal alarm_came;

static void on_rtc(void *arg)
{
    (void)arg;
    rtc_silence();              /* the device first, or it interrupts for ever */
    em_signal_set(&alarm_came); /* anything whose Context: says isr */
}

MAIN(VARS(em_signal_wait_future alarm; int i))
{
    ASYNC {
        em_interrupt_bind(&rtc, RTC_IRQ, on_rtc, NULL);
        em_interrupt_enable(&rtc);
        for (self->i = 1; self->i <= 3; self->i++) {
            rtc_alarm_in_ns(2000000);
            AWAIT(em_signal_wait(&self->alarm, &alarm_came));
            em_print("alarm %d\n", self->i);
        }
        em_board_exit(0);
    }
}

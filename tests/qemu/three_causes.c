/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One waker, three causes: the same task waits for a device, the clock and a software event, and is told which.
 *
 * expect: event
 * expect: device
 * expect: clock
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

static em_interrupt alarm_irq;
static em_signal event;

TASK(waiter, VARS(em_select3 sel; em_interrupt_wait device; em_timer clock; em_signal_wait_future software; int i))
{
    ASYNC {
        em_interrupt_bind_task(&alarm_irq, RTC_IRQ);
        for (self->i = 0; self->i < 3; self->i++) {
            if (self->i == 0)
                em_signal_set(&event);
            if (self->i == 1)
                rtc_set_alarm(1000000);
            AWAIT(SELECT(&self->sel, em_interrupt_next(&self->device, &alarm_irq),
                         em_timer_after(&self->clock, em_ms(200)), em_signal_wait(&self->software, &event)));
            if (WON(self->sel, self->device)) {
                rtc_clear();
                em_print("device\n");
            } else {
                em_print("%s\n", WON(self->sel, self->clock) ? "clock" : "event");
            }
        }
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, waiter());
    }
}

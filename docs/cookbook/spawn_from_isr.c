/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An interrupt handler that starts a task, and counts what the pool has no room for.
 *
 * boards: qemu_virt (m, s)
 * expect:
 *   job 1 begins
 *   job 2 begins
 *   1 refused
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/irq.h>

static em_interrupt rtc;
static unsigned alarms;
static unsigned refused;
static em_signal enough;

TASK(job, POOL(2), ARGS((unsigned, number)), VARS(em_timer work))
{
    ASYNC {
        em_print("job %u begins\n", self->number);
        AWAIT(em_timer_after(&self->work, em_secs(10)));
    }
}

static void on_rtc(void *arg)
{
    (void)arg;
    rtc_silence();
    if (em_spawn(em_spawner_hart(0), job(++alarms)) == EM_ERR_BUSY)
        refused++;
    if (alarms < 3)
        rtc_alarm_in_ns(2000000);
    else
        em_signal_set(&enough);
}

MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        em_interrupt_bind(&rtc, RTC_IRQ, on_rtc, NULL);
        em_interrupt_enable(&rtc);
        rtc_alarm_in_ns(2000000);
        AWAIT(em_signal_wait(&self->wait, &enough));
        em_print("%u refused\n", refused);
        em_board_exit(0);
    }
}

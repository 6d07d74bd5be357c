/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An interrupt from outside, asleep, through the PLIC, to a task: by a handler that wakes it. Its body is
 * counted in the trace.
 *
 * Flow: the RTC's alarm -> PLIC -> on_alarm -> em_wake -> the task
 */
#include "bench.h"
#include "irq_flag.h"
#include "rtc.h"

#include <em/async.h>
#include <em/irq.h>

static irq_flag alarm;
static em_interrupt interrupt;
static bench_row rows[] = {{.name = "plic_due_task"}, {.name = "plic_block_idle"}};

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_silence();
    irq_flag_raise(&alarm);
}

MAIN(VARS(irq_wait wait; unsigned i))
{
    ASYNC {
        bench_self_test();
        em_interrupt_bind(&interrupt, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&interrupt);
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            rtc_alarm_after(10000);
            BENCH_START();
            AWAIT(irq_flag_wait(&self->wait, &alarm));
            BENCH_SAMPLE(&rows[0], bench_wake_to(bench_stamp));
            bench_sample(&rows[1], bench_start_to_sleep());
        }
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * As plic.c, but the task awaits the interrupt itself, and serves the device.
 *
 * Flow: the RTC's alarm -> PLIC -> em_interrupt_next -> the task
 */
#include "bench.h"
#include "rtc.h"

#include <em/async.h>
#include <em/irq.h>

static em_interrupt interrupt;
static bench_row rows[] = {{.name = "plic_next_due_task"}, {.name = "plic_next_block_idle"}};

MAIN(VARS(em_interrupt_wait wait; unsigned i))
{
    ASYNC {
        bench_self_test();
        em_interrupt_bind_task(&interrupt, RTC_IRQ);
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            rtc_alarm_after(10000);
            BENCH_START();
            AWAIT(em_interrupt_next(&self->wait, &interrupt));
            BENCH_SAMPLE(&rows[0], bench_wake_to(bench_stamp));
            bench_sample(&rows[1], bench_start_to_sleep());
            rtc_silence();
        }
        BENCH_END(rows);
    }
}

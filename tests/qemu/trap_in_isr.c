/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A load from nowhere, in an interrupt's handler, while a task runs.
 *
 * status: 134
 * expect: \*\*\* panic: load access fault
 * expect:   epc 0x8[0-9a-f]+ tval 0x20 cause 0x5 status 0x[0-9a-f]+
 * expect:   task busy \(tests/qemu/trap_in_isr.c:@busy\) at 0x[0-9a-f]+
 */
#include "rtc.h"

#include <em/async.h>

static volatile bool done;
static volatile uintptr_t nowhere = 0x20;

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    done = *(const volatile uint32_t *)nowhere != 0;
}

static em_interrupt alarm_irq;

TASK(busy) /* @busy */
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        rtc_set_alarm(1000);
        while (!done) {
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, busy());
    }
}

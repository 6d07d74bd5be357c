/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A task that waits for a device's level interrupt, and serves it in its own time; cancelling loses none.
 *
 * expect: alarm 1
 * expect: alarm 2
 * expect: alarm 3
 * expect: timeout: EM_ERR_TIMEOUT
 * expect: the alarm that nobody waited for: 1
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

static em_interrupt alarm_irq;

TASK(server, VARS(em_interrupt_wait wait; em_timeout to; em_timer t; int i))
{
    ASYNC {
        em_interrupt_bind_task(&alarm_irq, RTC_IRQ);
        for (self->i = 1; self->i <= 3; self->i++) {
            rtc_set_alarm(100000);
            AWAIT(em_interrupt_next(&self->wait, &alarm_irq));
            EM_ASSERT(self->wait.out == 1);
            rtc_clear();
            em_print("alarm %d\n", self->i);
        }
        {
            int result;
            rtc_set_alarm(30000000);
            AWAIT_INTO(result, WITH_TIMEOUT(&self->to, em_ms(5), em_interrupt_next(&self->wait, &alarm_irq)));
            em_print("timeout: %s\n", em_error_name(result));
        }
        AWAIT(em_timer_after(&self->t, em_ms(60)));
        AWAIT(em_interrupt_next(&self->wait, &alarm_irq));
        rtc_clear();
        em_print("the alarm that nobody waited for: %u\n", (unsigned)self->wait.out);
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, server());
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A task that serves an interrupt itself: no handler to write.
 *
 * boards: qemu_virt (m, s)
 * expect:
 *   served 1
 *   served 2
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/irq.h>

static em_interrupt rtc;

TASK(rtc_server, VARS(em_interrupt_wait next; unsigned served))
{
    ASYNC {
        em_interrupt_bind_task(&rtc, RTC_IRQ);
        rtc_alarm_in_ns(2000000);
        for (;;) {
            AWAIT(em_interrupt_next(&self->next, &rtc)); /* masked when it comes, until this line again */
            rtc_silence();
            em_print("served %u\n", ++self->served);
            if (self->served == 2)
                em_board_exit(0);
            rtc_alarm_in_ns(2000000);
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, rtc_server());
    }
}

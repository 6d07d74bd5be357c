/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Handlers and a task print at the same time: every line is whole.
 *
 * only: task [0-9]+ abcdefghijklmnopqrstuvwxyz
 * only: isr [0-9]+ ABCDEFGHIJKLMNOPQRSTUVWXYZ
 * only: \[em_print: [0-9]+ bytes dropped\]
 * expect: isr 199 .*
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>

static volatile int interrupts;
static em_interrupt alarm_irq;

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    em_print("isr %d ABCDEFGHIJKLMNOPQRSTUVWXYZ\n", interrupts);
    interrupts = interrupts + 1;
}

TASK(printer, VARS(int i; em_uart_flush_future fl))
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        while (interrupts < 200) {
            rtc_set_alarm(300 + 97 * (uint64_t)(self->i % 50));
            for (int n = 0; n < 5; n++) {
                em_print("task %d abcdefghijklmnopqrstuvwxyz\n", self->i++);
            }
            AWAIT(em_uart_flush(&self->fl, em_board_console()));
        }
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, printer());
    }
}

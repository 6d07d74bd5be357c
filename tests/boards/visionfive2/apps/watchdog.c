/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A watchdog of 100 ms, kept by a task for longer; then what the console says is done: 'h' hangs the executor,
 * 'm' with interrupts masked, 'c' cancels who keeps it, 's' stops it, 'l' feeds it late, three times.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>
#include <em/watchdog.h>

#define LIMIT em_ms(100) /* a machine in real time may stand for some of it */

TASK(keeper, VARS(em_watchdog_keep_future keep))
{
    ASYNC {
        AWAIT(em_watchdog_keep(&self->keep, em_ms(5)));
    }
}

static void hang(void)
{
    for (;;) {
        __asm__ volatile("");
    }
}

MAIN(VARS(em_task_handle keeper; em_timer timer; em_uart_read_future rd; char what; int late))
{
    ASYNC {
        EM_ASSERT(em_watchdog_start(em_secs(400)) == EM_ERR_INVAL && em_watchdog_start(em_us(0)) == EM_ERR_INVAL);
        EM_ASSERT(em_watchdog_start(LIMIT) == EM_OK);
        EM_ASSERT(em_spawn_handle(self->spawner, keeper(), &self->keeper) == EM_OK);
        AWAIT(em_timer_after(&self->timer, em_ms(200)));
        em_print("alive\n");
        AWAIT(em_uart_read(&self->rd, em_board_console(), &self->what, 1));
        if (self->what == 'm') {
            em_irq_disable();
        }
        if (self->what == 'h' || self->what == 'm') {
            hang();
        }
        em_task_cancel(self->keeper);
        while (self->what == 'l' && self->late++ < 3) {
            em_watchdog_feed();
            AWAIT(em_timer_after(&self->timer, em_ms(75)));
        }
        if (self->what == 's' || self->what == 'l') {
            em_watchdog_stop();
        }
        AWAIT(em_timer_after(&self->timer, em_ms(200)));
        em_print("still alive\n");
        em_board_exit(0);
    }
}

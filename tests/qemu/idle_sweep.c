/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An interrupt at every instruction from the poll of a waiting task to its sleep: no wake is lost.
 *
 * The alarm of a device comes between 0 and 500 instructions later, one more each time; QEMU counts an
 * instruction a nanosecond. A lost wake ends the program by the timeout.
 *
 * run: --icount
 * expect: 1000 wakes, [0-9]+ from sleep, [0-9]+ awake
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>

static em_interrupt alarm_irq;
static em_waker waiting;
static volatile bool came;
static unsigned from_sleep, awake;

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    came = true;
    /* Served by the idle: nobody's poll is under way. */
    *(em_running_task() ? &awake : &from_sleep) += 1;
    if (waiting.task) {
        em_wake(waiting);
    }
}

typedef struct event {
    em_future future;
} event;

static em_poll event_poll(em_future *f, em_context *cx)
{
    (void)f;
    waiting = em_context_waker(cx); /* store first, test second */
    return came ? EM_READY : EM_PENDING;
}

static const em_future_ops event_ops = {.poll = event_poll, .name = "event"};

TASK(sweep, VARS(event ev; int i; em_uart_flush_future fl))
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        for (self->i = 0; self->i < 1000; self->i++) {
            came = false;
            self->ev.future.ops = &event_ops;
            rtc_set_alarm((uint64_t)self->i % 500);
            AWAIT(&self->ev);
        }
        em_print("%d wakes, %u from sleep, %u awake\n", self->i, from_sleep, awake);
        em_board_exit(from_sleep > 0 && awake > 0 ? 0 : 1);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, sweep());
    }
}

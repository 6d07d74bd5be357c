/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A driver's future: it starts the hardware when it is first polled, is woken by the interrupt, and
 * stops the hardware when it is dropped.
 *
 * boards: qemu_virt (m, s)
 * expect:
 *   the alarm came
 *   the alarm of an hour: EM_ERR_TIMEOUT
 *   the alarm came
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/irq.h>

/* -- the driver ---------------------------------------------------------------------------------- */

static em_interrupt irq;
static em_waker_cell waiter;
static bool came; /* written by the handler, and by the one task that waits, while no alarm is set */

static void on_rtc(void *arg)
{
    (void)arg;
    rtc_silence();
    came = true;
    em_waker_cell_wake(&waiter); /* what was written before is seen by the poll */
}

typedef struct rtc_alarm {
    em_future future; /* first */
    uint64_t ns;
    bool started;
} rtc_alarm;

static em_poll rtc_alarm_poll(em_future *f, em_context *cx)
{
    rtc_alarm *alarm = (rtc_alarm *)(void *)f;

    if (!alarm->started) {
        alarm->started = true;
        came = false;
        em_waker_cell_set(&waiter, em_context_waker(cx));
        rtc_alarm_in_ns(alarm->ns);
        return EM_PENDING;
    }
    em_waker_cell_set(&waiter, em_context_waker(cx)); /* store the waker first, */
    if (!*(volatile bool *)&came)                     /* look second */
        return EM_PENDING;
    em_waker_cell_clear(&waiter);
    return EM_READY;
}

static void rtc_alarm_drop(em_future *f)
{
    if (((rtc_alarm *)(void *)f)->started) {
        rtc_silence();
        em_waker_cell_clear(&waiter);
    }
}

static const em_future_ops rtc_alarm_ops = {.poll = rtc_alarm_poll, .drop = rtc_alarm_drop, .name = "rtc_alarm"};

/* Awaitable: @p ns nanoseconds have passed. One at a time. Context: task. Cancel: loses nothing */
static rtc_alarm *rtc_alarm_after(rtc_alarm *storage, uint64_t ns)
{
    storage->future.ops = &rtc_alarm_ops;
    storage->ns = ns;
    storage->started = false;
    return storage;
}

/* -- its user ------------------------------------------------------------------------------------ */

MAIN(VARS(rtc_alarm alarm; em_timeout limit))
{
    ASYNC {
        em_interrupt_bind(&irq, RTC_IRQ, on_rtc, NULL);
        em_interrupt_enable(&irq);

        AWAIT(rtc_alarm_after(&self->alarm, 2000000));
        em_print("the alarm came\n");
        int r;
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_ms(5), rtc_alarm_after(&self->alarm, 3600000000000)));
        em_print("the alarm of an hour: %s\n", em_error_name(r));
        AWAIT(rtc_alarm_after(&self->alarm, 2000000));
        em_print("the alarm came\n");
        em_board_exit(0);
    }
}

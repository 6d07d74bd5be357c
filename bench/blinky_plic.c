/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * As blinky.c, with an interrupt from outside, and with the framework's own panic report, for its size: what
 * a program has that leaves everything as it is.
 *
 * Flow: the clock -> blink;  the RTC's alarm -> PLIC -> on_button -> em_signal -> press
 */
#include "rtc.h"

#include <em/async.h>
#include <em/irq.h>

static volatile unsigned led;
static em_interrupt button;
static em_signal pressed;

static void on_button(void *arg)
{
    (void)arg;
    rtc_silence();
    em_signal_set(&pressed);
}

TASK(blink, VARS(em_timer tick))
{
    ASYNC {
        for (;;) {
            AWAIT(em_timer_after(&self->tick, em_ms(100)));
            led ^= 1;
        }
    }
}

TASK(press, VARS(em_signal_wait_future wait))
{
    ASYNC {
        em_interrupt_bind(&button, RTC_IRQ, on_button, NULL);
        em_interrupt_enable(&button);
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &pressed));
            led ^= 2;
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, blink());
        em_must_spawn(self->spawner, press());
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A task to be tested: test_heartbeat.c runs it under a clock that stands still until it is moved. */
#include <em/async.h>
#include <em/board.h>

TASK(heartbeat, ARGS((em_led, led)), VARS(em_timer t))
{
    ASYNC {
        for (;;) {
            em_led_set(self->led, true);
            AWAIT(em_timer_after(&self->t, em_ms(100)));
            em_led_set(self->led, false);
            AWAIT(em_timer_after(&self->t, em_ms(900)));
        }
    }
}

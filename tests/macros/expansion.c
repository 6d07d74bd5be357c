/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The task whose expansion docs/MACROS.md shows: check_expansion.py keeps the two the same. */
#include <em/async.h>
#include <em/board.h>

TASK(blink, ARGS((em_led, led), (em_duration, period)), VARS(em_timer tick))
{
    ASYNC {
        for (;;) {
            em_led_toggle(self->led);
            AWAIT(em_timer_after(&self->tick, self->period));
        }
    }
}

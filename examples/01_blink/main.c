/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: TASK, VARS, AWAIT, a timer, and MAIN, which spawns.
 *
 * What is in VARS survives an AWAIT; it is reached by self->.
 */
#include <em/async.h>
#include <em/board.h>

TASK(blink, ARGS((em_led, led), (em_duration, period)), VARS(em_timer tick; int blinks))
{
    ASYNC {
        while (self->blinks < 3) {
            em_led_set(self->led, true);
            AWAIT(em_timer_after(&self->tick, self->period));
            em_led_set(self->led, false);
            AWAIT(em_timer_after(&self->tick, self->period));
            self->blinks++;
        }
        em_print("blinked %d times\n", self->blinks);
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, blink(EM_LED0, em_ms(100)));
    }
}

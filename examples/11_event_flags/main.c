/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: event flags, 32 in a word. Wait for all of some, or for any; wait leaves them set, take clears them.
 *
 * An interrupt handler may set flags, as these tasks do.
 */
#include <em/async.h>
#include <em/board.h>

enum { CLOCK_READY = 1, RADIO_READY = 2, BUTTON = 4, ALARM = 8 };
static em_event_flags events;

TASK(starts, POOL(2), ARGS((const char *, what), (uint32_t, flag), (em_duration, time)), VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, self->time));
        em_print("%s is ready\n", self->what);
        em_event_flags_set(&events, self->flag);
    }
}

TASK(user, VARS(em_event_flags_wait_future ready; em_timer t))
{
    ASYNC {
        AWAIT(em_event_flags_wait_all(&self->ready, &events, CLOCK_READY | RADIO_READY)); /* others see them too */
        em_event_flags_set(&events, BUTTON);
        AWAIT(em_timer_after(&self->t, em_ms(10)));
        em_event_flags_set(&events, BUTTON | ALARM);
    }
}

MAIN(VARS(em_event_flags_wait_future wait; int i))
{
    ASYNC {
        em_must_spawn(self->spawner, starts("the radio", RADIO_READY, em_ms(30)));
        em_must_spawn(self->spawner, starts("the clock", CLOCK_READY, em_ms(20)));
        em_must_spawn(self->spawner, user());
        AWAIT(em_event_flags_wait_all(&self->wait, &events, CLOCK_READY | RADIO_READY));
        em_print("all is ready\n");
        for (self->i = 0; self->i < 2; self->i++) {
            uint32_t which;
            AWAIT_INTO(which, em_event_flags_take_any(&self->wait, &events, BUTTON | ALARM));
            em_print("%s%s\n", which & BUTTON ? "[button]" : "", which & ALARM ? "[alarm]" : "");
        }
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: no MAIN. An executor of one's own, polled from a loop that belongs to somebody else, and
 * em_block_on() for init.
 *
 * This is how Emissary moves into an existing super-loop or RTOS task: main() is yours.
 */
#include <em/async.h>
#include <em/board.h>

static em_executor executor;
static em_signal done;

TASK(guest, VARS(em_timer t; int i))
{
    ASYNC {
        for (self->i = 1; self->i <= 3; self->i++) {
            AWAIT(em_timer_after(&self->t, em_ms(10)));
            em_print("guest: %d\n", self->i);
        }
        em_signal_set(&done);
    }
}

int main(void)
{
    unsigned laps = 0;

    em_must_spawn((em_spawner){&executor}, guest());
    for (;;) {
        em_executor_poll(&executor); /* never blocks */
        laps++;                      /* the host's own work would be here */
        if (em_signal_try_wait(&done) == EM_OK)
            break;
        em_executor_sleep(&executor);
    }
    em_print("host: %s\n", laps < 100 ? "slept between the laps" : "spun");
    return 0;
}

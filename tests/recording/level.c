/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A level's task runs inside the poll that wakes it. */
#include <em/async.h>
#include <em/board.h>
#include <em/recording.h>

static em_signal ring;

TASK(above, VARS(em_signal_wait_future w))
{
    ASYNC {
        for (;;)
            AWAIT(em_signal_wait(&self->w, &ring));
    }
}

MAIN(VARS(em_timer t))
{
    ASYNC {
        em_must_spawn(em_spawner_level(2), above());
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        em_signal_set(&ring);
        em_trace_print();
        em_board_exit(0);
    }
}

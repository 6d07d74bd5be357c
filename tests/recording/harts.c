/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Each hart has a ring of its own: two play ball. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/recording.h>

static em_signal to, fro;

TASK(other, VARS(em_signal_wait_future w))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->w, &to));
            em_trace_mark("there", em_hart_id());
            em_signal_set(&fro);
        }
    }
}

MAIN(VARS(em_signal_wait_future w; unsigned i; em_timer t))
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), other());
        for (self->i = 0; self->i < 10; self->i++) {
            AWAIT(em_timer_after(&self->t, em_ms(2))); /* both sleep */
            em_signal_set(&to);
            AWAIT(em_signal_wait(&self->w, &fro));
        }
        em_trace_print();
        em_board_exit(0);
    }
}

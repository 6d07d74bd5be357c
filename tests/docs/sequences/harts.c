/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * For docs/sequences.md: a task wakes one of another hart, which sleeps.
 *
 * Flow: MAIN on hart 0 -> em_signal_set -> worker on hart 1
 */
#include "scene.h"

#include <em/async.h>
#include <em/board.h>

static em_signal go, back;

TASK(worker, VARS(em_signal_wait_future wait))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &go));
        scene_ends();
        em_signal_set(&back);
    }
}

MAIN(VARS(em_timer timer; em_signal_wait_future wait))
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), worker());
        AWAIT(em_timer_after(&self->timer, em_ms(10)));
        scene_begins();
        em_signal_set(&go);
        AWAIT(em_signal_wait(&self->wait, &back));
        em_board_exit(0);
    }
}

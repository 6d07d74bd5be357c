/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * For docs/sequences.md: a task wakes one of a level above it, which runs at once.
 *
 * Flow: MAIN -> em_signal_set -> urgent -> MAIN
 */
#include "scene.h"

#include <em/async.h>
#include <em/board.h>

static em_signal go;

TASK(urgent, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &go));
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(em_spawner_level(3), urgent());
        scene_begins();
        em_signal_set(&go);
        scene_ends();
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * For docs/sequences.md: a task is interrupted, one wakes another, waits for its end, and cancels one.
 *
 * Flow: MAIN -> busy, taker, sleeper, one after the other
 */
#include "scene.h"

#include <em/async.h>
#include <em/board.h>

static em_signal go, back;

TASK(busy)
{
    ASYNC {
        scene_begins();
        em_block_for(em_us(40));
    }
}

TASK(taker, VARS(em_signal_wait_future wait))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &go));
        scene_ends();
        em_signal_set(&back);
        AWAIT(em_signal_wait(&self->wait, &go));
    }
}

TASK(sleeper, VARS(em_timer timer))
{
    ASYNC_TRY {
        AWAIT(em_timer_after(&self->timer, em_secs(1)));
    }
    FINALLY {
    }
}

MAIN(VARS(em_signal_wait_future wait; em_task_handle other; em_task_join join; em_timer timer))
{
    ASYNC {
        em_must_spawn(self->spawner, busy());
        AWAIT(em_timer_after(&self->timer, em_us(20)));
        scene_ends();

        EM_ASSERT(em_spawn_handle(self->spawner, taker(), &self->other) == EM_OK);
        YIELD();
        scene_begins();
        em_signal_set(&go);
        AWAIT(em_signal_wait(&self->wait, &back));

        em_signal_set(&go);
        scene_begins();
        AWAIT(em_task_wait(&self->join, self->other));
        scene_ends();

        EM_ASSERT(em_spawn_handle(self->spawner, sleeper(), &self->other) == EM_OK);
        YIELD();
        scene_begins();
        em_task_cancel(self->other);
        AWAIT(em_task_wait(&self->join, self->other));
        scene_ends();
        em_board_exit(0);
    }
}

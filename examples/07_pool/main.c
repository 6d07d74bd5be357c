/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: POOL, several instances of a task; what a full pool says; a handle to cancel and to wait for.
 */
#include <em/async.h>
#include <em/board.h>

TASK(worker, POOL(2), ARGS((unsigned, id)), VARS(em_timer t))
{
    ASYNC_TRY {
        em_print("worker %u begins\n", self->id);
        AWAIT(em_timer_after(&self->t, em_ms(100 * self->id)));
    }
    FINALLY {
        em_print("worker %u %s\n", self->id, CANCELLED ? "is cancelled" : "is done");
    }
}

MAIN(VARS(em_task_handle second; em_task_join end; em_timer t))
{
    ASYNC {
        int err;
        em_must_spawn(self->spawner, worker(1));
        err = em_spawn_handle(self->spawner, worker(1000), &self->second);
        EM_ASSERT(err == EM_OK);
        err = em_spawn(self->spawner, worker(3));
        em_print("a third worker: %s\n", em_error_name(err));

        AWAIT(em_timer_after(&self->t, em_ms(250)));
        em_task_cancel(self->second);
        AWAIT(em_task_wait(&self->end, self->second));
        em_print("both slots are free\n");
        err = em_spawn_handle(self->spawner, worker(4), &self->second);
        EM_ASSERT(err == EM_OK);
        AWAIT(em_task_wait(&self->end, self->second));
        em_board_exit(0);
    }
}

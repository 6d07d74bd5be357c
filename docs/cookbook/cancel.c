/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Cancel a task, have it clean up, and wait until it has.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   motor on
 *   motor off: cancelled
 *   the motor's task has ended
 *   motor on
 *   motor off: done
 *   the motor's task has ended
 */
#include <em/async.h>
#include <em/board.h>

TASK(motor, ARGS((em_duration, time)), VARS(em_timer running))
{
    ASYNC_TRY {
        em_print("motor on\n");
        AWAIT(em_timer_after(&self->running, self->time));
    }
    FINALLY {
        em_print("motor off: %s\n", CANCELLED ? "cancelled" : "done");
    }
}

MAIN(VARS(em_task_handle motor; em_task_join end; em_timer t))
{
    ASYNC {
        int err = em_spawn_handle(self->spawner, motor(em_secs(3600)), &self->motor);
        EM_ASSERT(err == EM_OK);
        AWAIT(em_timer_after(&self->t, em_ms(5)));

        em_task_cancel(self->motor);                        /* asks, from any context */
        AWAIT(em_task_wait(&self->end, self->motor));       /* its FINALLY has run, its slot is free */
        em_print("the motor's task has ended\n");

        err = em_spawn_handle(self->spawner, motor(em_ms(5)), &self->motor);
        EM_ASSERT(err == EM_OK);
        AWAIT(em_task_wait(&self->end, self->motor));
        em_task_cancel(self->motor); /* of what has ended: nothing */
        em_print("the motor's task has ended\n");
        em_board_exit(0);
    }
}

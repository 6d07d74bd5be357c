/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: priorities, 0 (low) to 7. Of the tasks that are ready the highest is polled next; equals take turns.
 *
 * Nobody is interrupted: a task that computes gives way by YIELD. See 20_preempt for those who cannot wait.
 */
#include <em/async.h>
#include <em/board.h>

static em_signal alarm_bell;
static em_task_handle backup;

TASK(alarm_task, PRIORITY(7), VARS(em_signal_wait_future wait))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &alarm_bell));
        em_print("alarm: the backup goes first\n");
        em_task_set_priority(backup, 5); /* it is ready, and moves at once */
    }
}

TASK(job, POOL(2), PRIORITY(2), ARGS((const char *, name)), VARS(int part))
{
    ASYNC {
        for (self->part = 1; self->part <= 4; self->part++) {
            em_print("%s %d/4\n", self->name, self->part);
            if (em_task_priority(backup) == 2 && self->part == 2) {
                em_signal_set(&alarm_bell);
            }
            YIELD();
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, alarm_task());
        em_must_spawn(self->spawner, job("report"));
        if (em_spawn_handle(self->spawner, job("backup"), &backup) == EM_OK) {
            YIELD(); /* this task says no priority, and so has the lowest */
            em_print("nothing else to do\n");
        }
        em_board_exit(0);
    }
}

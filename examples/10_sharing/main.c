/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: a semaphore, for things of which there are a few, and a mutex around a value, held across awaits.
 *
 * Both serve in the order of asking, and hand over: what a task is woken for, it has. A mutex that a cancelled
 * task may hold is unlocked in FINALLY (docs/cookbook/share.c).
 */
#include <em/async.h>
#include <em/board.h>

static em_semaphore sensors = EM_SEMAPHORE_INIT(2);

EM_MUTEX_TYPE(ledger, int);
static ledger sum;

TASK(meter, POOL(3), ARGS((int, id)), VARS(em_semaphore_acquire_future sensor; ledger_lock_future lock; em_timer t))
{
    ASYNC {
        AWAIT(em_semaphore_acquire(&self->sensor, &sensors, 1));
        em_print("meter %d has a sensor, %u left\n", self->id, (unsigned)em_semaphore_permits(&sensors));
        AWAIT(em_timer_after(&self->t, em_ms(10 * (unsigned)self->id)));
        em_semaphore_release(&sensors, 1);

        AWAIT(ledger_lock(&self->lock, &sum)); /* out: the value, ours until unlock */
        {
            int before = *self->lock.out;
            em_print("meter %d finds %d\n", self->id, before);
            *self->lock.out = before + self->id;
        }
        AWAIT(em_timer_after(&self->t, em_ms(50))); /* nobody looks meanwhile */
        ledger_unlock(self->lock.out);
        if (self->id == 3)
            em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        for (int id = 1; id <= 3; id++)
            em_must_spawn(self->spawner, meter(id));
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One bus, several tasks: a mutex held across awaits, and given up however its holder ends.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   task 1 has the bus
 *   task 2 has the bus
 *   task 3 has the bus
 *   task 3 is too slow
 *   task 1 has the bus
 *   task 2 has the bus
 */
#include <em/async.h>
#include <em/board.h>

typedef struct i2c_bus {
    em_mutex free;
    unsigned transfers;
} i2c_bus;

static i2c_bus i2c;

ASYNC_FN(void, transfer, ARGS((i2c_bus *, bus), (unsigned, task), (em_duration, time)),
         VARS(em_mutex_lock_future lock; em_timer wire; bool locked))
{
    ASYNC_TRY {
        self->locked = false; /* the variables of an ASYNC_FN start unset */
        AWAIT(em_mutex_lock(&self->lock, &self->bus->free));
        self->locked = true;
        em_print("task %u has the bus\n", self->task);
        AWAIT(em_timer_after(&self->wire, self->time));
        self->bus->transfers++;
    }
    FINALLY {
        if (self->locked)
            em_mutex_unlock(&self->bus->free); /* to the task that has waited longest */
    }
}

TASK(user, POOL(2), ARGS((unsigned, number)), VARS(struct transfer transfer; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 2; self->i++)
            AWAIT(transfer(&self->transfer, &i2c, self->number, em_ms(5)));
    }
}

TASK(slow, ARGS((unsigned, number)), VARS(struct transfer transfer; em_timeout limit))
{
    ASYNC {
        int err;
        AWAIT_INTO(err, WITH_TIMEOUT(&self->limit, em_ms(500),
                                     transfer(&self->transfer, &i2c, self->number, em_secs(100))));
        if (err)
            em_print("task %u is too slow\n", self->number);
    }
}

MAIN(VARS(em_task_handle users[2]; em_task_join end[2]; em_join2 both))
{
    ASYNC {
        int err = em_spawn_handle(self->spawner, user(1), &self->users[0]);
        err |= em_spawn_handle(self->spawner, user(2), &self->users[1]);
        EM_ASSERT(err == EM_OK);
        em_must_spawn(self->spawner, slow(3));
        AWAIT(JOIN(&self->both, em_task_wait(&self->end[0], self->users[0]),
                   em_task_wait(&self->end[1], self->users[1])));
        em_board_exit(i2c.transfers == 4 ? 0 : 1);
    }
}

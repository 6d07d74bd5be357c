/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The least loaded hart: tasks spread evenly, who leaves makes room, and nobody moves.
 *
 * run: --smp 4
 * expect: 12 tasks on 4 harts: 3 3 3 3
 * expect: hart 2 is left by all: the next three go there
 * expect: each stayed where it was
 */
#include <em/async.h>
#include <em/board.h>

enum { TASKS = 12, LATER = 3, ROUNDS = 100 };

static em_semaphore came, left;
static em_signal leave[4];
static int32_t at[4];

TASK(resident, POOL(TASKS + LATER), VARS(unsigned home; unsigned i; em_signal_wait_future wait))
{
    ASYNC {
        self->home = em_hart_id();
        em_atomic_add(&at[self->home], 1);
        em_semaphore_release(&came, 1);
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            YIELD();
            EM_ASSERT(em_hart_id() == self->home);
        }
        AWAIT(em_signal_wait(&self->wait, &leave[self->home]));
        EM_ASSERT(em_hart_id() == self->home);
        em_signal_set(&leave[self->home]); /* the next one */
        em_atomic_add(&at[self->home], -1);
        em_semaphore_release(&left, 1);
    }
}

static void spawn(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        em_must_spawn(em_spawner_least_loaded(), resident());
    }
}

MAIN(VARS(em_semaphore_acquire_future acquire; unsigned there))
{
    ASYNC {
        spawn(TASKS - 1); /* we are one, too */
        AWAIT(em_semaphore_acquire(&self->acquire, &came, TASKS - 1));
        em_print("%u tasks on %u harts: %d %d %d %d\n", TASKS, em_hart_count(), em_atomic_load(&at[0]) + 1,
                 em_atomic_load(&at[1]), em_atomic_load(&at[2]), em_atomic_load(&at[3]));

        em_signal_set(&leave[2]);
        AWAIT(em_semaphore_acquire(&self->acquire, &left, 3));
        while (em_hart_tasks(2) > 0) {
            YIELD(); /* they have said so, and are on their way out */
        }
        em_signal_reset(&leave[2]);
        spawn(LATER);
        AWAIT(em_semaphore_acquire(&self->acquire, &came, LATER));
        EM_ASSERT(em_atomic_load(&at[2]) == LATER && em_hart_tasks(2) == LATER);
        em_print("hart 2 is left by all: the next three go there\n");

        for (unsigned h = 0; h < 4; h++) {
            em_signal_set(&leave[h]);
        }
        AWAIT(em_semaphore_acquire(&self->acquire, &left, TASKS - 1));
        em_print("each stayed where it was\n");
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How many polls a second all harts make together, by how many tasks there are: each works a little at every poll.
 * A line a number of tasks: the tasks, and thousands of polls a second.
 */
#include <em/async.h>
#include <em/board.h>

enum { POLLS = 480000, WORK = 100, MOST = 96 };

static em_semaphore ended;

static void work(void)
{
    for (unsigned i = 0; i < WORK; i++) {
        __asm__ volatile("");
    }
}

TASK(worker, POOL(MOST), ARGS((unsigned, rounds)), VARS(unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < self->rounds; self->i++) {
            work();
            YIELD();
        }
        em_semaphore_release(&ended, 1);
    }
}

MAIN(VARS(unsigned tasks; em_instant since; em_semaphore_acquire_future acquire; em_timer timer))
{
    ASYNC {
        for (self->tasks = 1; self->tasks <= MOST; self->tasks = self->tasks == 64 ? MOST : 2 * self->tasks) {
            self->since = em_now();
            for (unsigned i = 0; i < self->tasks; i++) {
                em_must_spawn(em_spawner_least_loaded(), worker(POLLS / self->tasks));
            }
            AWAIT(em_semaphore_acquire(&self->acquire, &ended, self->tasks));
            em_print("%u %u\n", self->tasks,
                     (unsigned)(POLLS * 1000ull / em_duration_as_us(em_instant_elapsed(self->since))));
            AWAIT(em_timer_after(&self->timer, em_ms(1))); /* they are gone */
        }
        em_board_exit(0);
    }
}

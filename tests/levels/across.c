/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A level of another hart: what is spawned and woken there from here preempts what that hart computes, each time; and
 * the other way round, both at once.
 *
 * run: --smp 2
 * expect: 2 harts, 2000 wakes there, 2000 here, all preempted
 */
#include <em/async.h>
#include <em/board.h>

enum { ROUNDS = 2000, HARTS = 2 };

static em_spawner levels_of[HARTS];
static volatile bool asked[HARTS], ready[HARTS];
static em_signal kick[HARTS];
static int32_t served[HARTS];
static volatile bool finished[HARTS];

TASK(on_level, POOL(HARTS), ARGS((unsigned, hart)), VARS(em_signal_wait_future wait))
{
    ASYNC {
        EM_ASSERT(em_hart_id() == self->hart);
        ready[self->hart] = true;
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &kick[self->hart]));
            EM_ASSERT(em_hart_id() == self->hart);
            em_atomic_add(&served[self->hart], 1);
        }
    }
}

/* It awaits nothing from here to its end: its own hart's level runs by preemption only. */
static void kick_other(unsigned other)
{
    asked[1 - other] = true;
    while (!asked[other]) {
    }
    em_must_spawn(levels_of[other], on_level(other));
    while (!ready[other]) {
    }
    for (int32_t i = 1; i <= ROUNDS; i++) {
        em_signal_set(&kick[other]);
        while (em_atomic_load(&served[other]) < i) {
        }
    }
    finished[1 - other] = true;
    while (!finished[other]) {
    }
}

TASK(kicker, POOL(HARTS))
{
    ASYNC {
        levels_of[em_hart_id()] = em_spawner_level(3);
        kick_other(1 - em_hart_id());
        if (em_hart_id() == 0) {
            em_print("%u harts, %d wakes there, %d here, all preempted\n", em_hart_count(), (int)served[1],
                     (int)served[0]);
            em_board_exit(0);
        }
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), kicker());
        em_must_spawn(em_spawner_hart(0), kicker());
    }
}

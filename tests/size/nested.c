/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The worst that can come, brought about: each level stands at its deepest place when the one above comes in, and an
 * interrupt on top of all. Who stands there waits for what comes, so it does not depend on the machine's speed.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/level.h>

enum { ROOM = 400 };
static volatile unsigned arrived;       /* the highest level that stands deep */
static volatile unsigned sum;

static __attribute__((noinline)) void stand_deep(unsigned level, em_duration longest)
{
    volatile unsigned char room[ROOM];
    for (unsigned i = 0; i < ROOM; i++)
        room[i] = (unsigned char)(i + level);
    arrived = level;
    em_instant end = em_instant_add(em_now(), longest);
    while (arrived == level && em_instant_before(em_now(), end))
        sum += room[arrived];
}

/* At its moment, which is 10 ms behind that of the level below, it goes deep. The highest stays there for 20 ms, in
 * which a timer of the thread comes to interrupt it. */
TASK(stands, POOL(3), ARGS((unsigned, level)), VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(10 * self->level)));
        stand_deep(self->level, self->level == EM_LEVELS ? em_ms(20) : em_secs(1));
    }
}

TASK(interrupts, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(10 * EM_LEVELS + 10)));
    }
}

MAIN(VARS(em_timer t; unsigned level))
{
    ASYNC {
        for (self->level = 1; self->level <= EM_LEVELS; self->level++)
            em_must_spawn(em_spawner_level(self->level), stands(self->level));
        em_must_spawn(self->spawner, interrupts());
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        stand_deep(0, em_secs(1));
        em_board_exit(arrived == EM_LEVELS ? 0 : 1);
    }
}

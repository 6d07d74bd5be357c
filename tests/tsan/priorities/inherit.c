/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks of several priorities on both executors that share two mutexes with inheritance, one inside the other. What
 * these guard is plain. Only in the build with priorities.
 *
 * Flow: stress.c -> here -> sync/pi_mutex.c
 */
#include "../objects.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 500, HEIRS = 6 };

static em_pi_mutex outer, inner;
static unsigned long by_outer, by_inner, entered; /* plain, guarded; entered by inner */
static int32_t unfinished = HEIRS;

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

static int own_priority(void)
{
    em_task *t = em_running_task();
    return em_task_priority((em_task_handle){t, t->generation});
}

/* Every tenth loses its turn at once, perhaps one that was handed over; every third goes through both. */
TASK(heir, POOL(HEIRS), ARGS((uint8_t, priority)),
     VARS(em_pi_mutex_lock_future first; em_pi_mutex_lock_future second; em_yield yield; em_select2 select; unsigned i))
{
    ASYNC {
        em_set_priority(self->priority);
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            if (self->i % 10 == 0) {
                AWAIT(SELECT(&self->select, em_yield_now(&self->yield), em_pi_mutex_lock(&self->second, &inner)));
                if (!WON(self->select, self->second)) {
                    continue;
                }
            } else {
                if (self->i % 3 == 0) {
                    AWAIT(em_pi_mutex_lock(&self->first, &outer));
                    by_outer++;
                }
                AWAIT(em_pi_mutex_lock(&self->second, &inner));
            }
            by_inner++;
            YIELD();
            entered++;
            check(by_inner == entered, "two in a mutex with inheritance");
            em_pi_mutex_unlock(&inner);
            if (self->i % 10 != 0 && self->i % 3 == 0) {
                em_pi_mutex_unlock(&outer);
            }
            check(own_priority() == self->priority, "what was inherited stays");
        }
        __atomic_fetch_add(&unfinished, -1, __ATOMIC_RELEASE);
    }
}

void inherit_start(void)
{
    for (unsigned i = 0; i < HEIRS; i++) {
        em_must_spawn(em_spawner_hart(i % 2), heir((uint8_t)(i + 1)));
    }
}

void inherit_finish(void)
{
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

void inherit_check(void)
{
    unsigned both = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        both += i % 10 != 0 && i % 3 == 0;
    }
    check(by_outer == (unsigned long)HEIRS * both && !em_pi_mutex_is_locked(&outer) && !em_pi_mutex_is_locked(&inner),
          "a mutex with inheritance in the end");
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The mutex with priority inheritance, for which nobody waits. In an image of its own: it brings in the priorities.
 *
 * Flow: one task: lock, unlock
 */
#include "bench.h"

#include <em/async.h>

static em_pi_mutex mutex;

enum { TRY_LOCK, LOCK, UNLOCK };

static bench_row rows[] = {
    [TRY_LOCK] = {.name = "pi_mutex_try_lock"},
    [LOCK] = {.name = "pi_mutex_lock"},
    [UNLOCK] = {.name = "pi_mutex_unlock"},
};

MAIN(VARS(em_pi_mutex_lock_future lock; int round))
{
    ASYNC {
        bench_self_test();
        for (self->round = 0; self->round < BENCH_ROUNDS; self->round++) {
            {
                int err;
                BENCH_OF(&rows[TRY_LOCK], err = em_pi_mutex_try_lock(&mutex));
                EM_ASSERT(err == EM_OK);
            }
            em_pi_mutex_unlock(&mutex);
            BENCH_OF(&rows[LOCK], AWAIT(em_pi_mutex_lock(&self->lock, &mutex)));
            BENCH_OF(&rows[UNLOCK], em_pi_mutex_unlock(&mutex));
        }
        BENCH_END(rows);
    }
}

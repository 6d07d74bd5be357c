/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Spawning: claim, arguments, queue. A single task; a pool of 64, slots 8 to 39, never used before, then used
 * before. And the whole life of a task that ends in its first poll.
 *
 * Flow: name(args) -> em_spawn -> run queue
 */
#include "bench.h"

#include <em/async.h>

static bench_row rows[] = {
    {.name = "spawn_single"}, {.name = "spawn_single_must"}, {.name = "spawn_life"},
    {.name = "spawn_pool64"}, {.name = "spawn_pool64_again"},
};

TASK(once)
{
    ASYNC {
    }
}

TASK(pooled, POOL(64), ARGS((unsigned, n)), VARS(unsigned sum))
{
    ASYNC {
        self->sum += self->n;
    }
}

static void spawn_once(em_spawner spawner)
{
    BENCH_START();
    int r = em_spawn(spawner, once());
    BENCH_SAMPLE(&rows[0], BENCH_COUNT);
    EM_ASSERT(r == EM_OK);
}

static void spawn_pool(em_spawner spawner, bench_row *row)
{
    for (unsigned i = 0; i < BENCH_ROUNDS; i++) {
        BENCH_START();
        int r = em_spawn(spawner, pooled(i));
        BENCH_SAMPLE(row, BENCH_COUNT);
        EM_ASSERT(r == EM_OK);
    }
}

MAIN(VARS(unsigned i))
{
    ASYNC {
        bench_self_test();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            spawn_once(self->spawner);
            YIELD();
            BENCH_START();
            em_must_spawn(self->spawner, once());
            BENCH_SAMPLE(&rows[1], BENCH_COUNT);
            YIELD();
            BENCH_START();
            em_must_spawn(self->spawner, once());
            YIELD();
            BENCH_SAMPLE(&rows[2], BENCH_COUNT);
        }
        spawn_pool(self->spawner, &rows[3]);
        YIELD();
        spawn_pool(self->spawner, &rows[4]);
        BENCH_END(rows);
    }
}

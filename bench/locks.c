/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What lets tasks in one after another, beside the mutex and the semaphore of uncontended.c and pingpong.c:
 * operations for which nobody waits, and round trips between two tasks.
 *
 * Flow: one task, each object alone;  then a: let go, wait -> b: wait, let go -> a
 */
#include "bench.h"

#include <em/async.h>

EM_MUTEX_TYPE(guarded, uint32_t);
EM_RWLOCK_TYPE(shared, uint32_t);
EM_ONCE_TYPE(cell, uint32_t);

static em_mutex mutex;
static guarded typed_mutex;
static em_semaphore semaphore = EM_SEMAPHORE_INIT(1);
static em_greedy_semaphore greedy = EM_GREEDY_SEMAPHORE_INIT(1);
static em_greedy_semaphore greedy_there, greedy_back;
static em_rwlock rwlock, rwlock_between;
static shared typed_rwlock;
static cell once, once_there, once_back;
static em_signal ended;

enum {
    MUTEX_TRY_LOCK, MUTEX_U32_TRY_LOCK, MUTEX_U32_LOCK, MUTEX_U32_UNLOCK,
    SEMAPHORE_TRY_ACQUIRE,
    GREEDY_TRY_ACQUIRE, GREEDY_ACQUIRE, GREEDY_RELEASE, PINGPONG_GREEDY,
    RWLOCK_TRY_READ, RWLOCK_READ, RWLOCK_UNLOCK_READ,
    RWLOCK_TRY_WRITE, RWLOCK_WRITE, RWLOCK_UNLOCK_WRITE, RWLOCK_U32_READ, PINGPONG_RWLOCK,
    ONCE_INIT, ONCE_TRY_GET, ONCE_GET, ONCE_GET_OR_INIT, PINGPONG_ONCE,
};

static bench_row rows[] = {
    [MUTEX_TRY_LOCK] = {.name = "mutex_try_lock"},
    [MUTEX_U32_TRY_LOCK] = {.name = "mutex_u32_try_lock"},
    [MUTEX_U32_LOCK] = {.name = "mutex_u32_lock"},
    [MUTEX_U32_UNLOCK] = {.name = "mutex_u32_unlock"},
    [SEMAPHORE_TRY_ACQUIRE] = {.name = "semaphore_try_acquire"},
    [GREEDY_TRY_ACQUIRE] = {.name = "greedy_try_acquire"},
    [GREEDY_ACQUIRE] = {.name = "greedy_acquire"},
    [GREEDY_RELEASE] = {.name = "greedy_release"},
    [PINGPONG_GREEDY] = {.name = "pingpong_greedy"},
    [RWLOCK_TRY_READ] = {.name = "rwlock_try_read"},
    [RWLOCK_READ] = {.name = "rwlock_read"},
    [RWLOCK_UNLOCK_READ] = {.name = "rwlock_unlock_read"},
    [RWLOCK_TRY_WRITE] = {.name = "rwlock_try_write"},
    [RWLOCK_WRITE] = {.name = "rwlock_write"},
    [RWLOCK_UNLOCK_WRITE] = {.name = "rwlock_unlock_write"},
    [RWLOCK_U32_READ] = {.name = "rwlock_u32_read"},
    [PINGPONG_RWLOCK] = {.name = "pingpong_rwlock"},
    [ONCE_INIT] = {.name = "once_init"},
    [ONCE_TRY_GET] = {.name = "once_try_get"},
    [ONCE_GET] = {.name = "once_get"},
    [ONCE_GET_OR_INIT] = {.name = "once_get_or_init"},
    [PINGPONG_ONCE] = {.name = "pingpong_once"},
};

/* -- nobody waits -------------------------------------------------------------------------------- */

static void try_mutexes(void)
{
    uint32_t *value = NULL;
    int err;

    BENCH_OF(&rows[MUTEX_TRY_LOCK], err = em_mutex_try_lock(&mutex));
    em_mutex_unlock(&mutex);
    EM_ASSERT(err == EM_OK);
    BENCH_OF(&rows[MUTEX_U32_TRY_LOCK], err = guarded_try_lock(&typed_mutex, &value));
    EM_ASSERT(err == EM_OK);
    BENCH_OF(&rows[MUTEX_U32_UNLOCK], guarded_unlock(value));
}

static void try_semaphores(void)
{
    int err;

    BENCH_OF(&rows[SEMAPHORE_TRY_ACQUIRE], err = em_semaphore_try_acquire(&semaphore, 1));
    EM_ASSERT(err == EM_OK);
    em_semaphore_release(&semaphore, 1);
    BENCH_OF(&rows[GREEDY_TRY_ACQUIRE], err = em_greedy_semaphore_try_acquire(&greedy, 1));
    EM_ASSERT(err == EM_OK);
    BENCH_OF(&rows[GREEDY_RELEASE], em_greedy_semaphore_release(&greedy, 1));
}

static void try_rwlock(void)
{
    int err;

    BENCH_OF(&rows[RWLOCK_TRY_READ], err = em_rwlock_try_read(&rwlock));
    EM_ASSERT(err == EM_OK);
    BENCH_OF(&rows[RWLOCK_UNLOCK_READ], em_rwlock_unlock_read(&rwlock));
    BENCH_OF(&rows[RWLOCK_TRY_WRITE], err = em_rwlock_try_write(&rwlock));
    EM_ASSERT(err == EM_OK);
    BENCH_OF(&rows[RWLOCK_UNLOCK_WRITE], em_rwlock_unlock_write(&rwlock));
}

static void try_once(void)
{
    uint32_t *value = NULL;
    uint32_t taken;
    int err;

    err = cell_take(&once, &taken);
    BENCH_OF(&rows[ONCE_INIT], err = cell_init(&once, 5));
    EM_ASSERT(err == EM_OK);
    BENCH_OF(&rows[ONCE_TRY_GET], err = cell_try_get(&once, &value);
             __asm__ volatile("" : "+r"(err), "+r"(value))); /* it is inline: its results are had here */
    EM_ASSERT(err == EM_OK && *value == 5);
}

static void make(uint32_t *value, void *arg)
{
    (void)arg;
    *value = 5;
}

/* What is already set, or free. */
TASK(alone, VARS(guarded_lock_future lock; em_greedy_semaphore_acquire_future acquire; em_rwlock_read_future read;
                 em_rwlock_write_future write; shared_read_future typed; cell_get_future get;
                 cell_get_or_init_future make; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_mutexes();
            try_semaphores();
            try_rwlock();
            try_once();
            BENCH_OF(&rows[MUTEX_U32_LOCK], AWAIT(guarded_lock(&self->lock, &typed_mutex)));
            guarded_unlock(self->lock.out);
            BENCH_OF(&rows[GREEDY_ACQUIRE], AWAIT(em_greedy_semaphore_acquire(&self->acquire, &greedy, 1)));
            em_greedy_semaphore_release(&greedy, 1);
            BENCH_OF(&rows[RWLOCK_READ], AWAIT(em_rwlock_read(&self->read, &rwlock)));
            em_rwlock_unlock_read(&rwlock);
            BENCH_OF(&rows[RWLOCK_WRITE], AWAIT(em_rwlock_write(&self->write, &rwlock)));
            em_rwlock_unlock_write(&rwlock);
            BENCH_OF(&rows[RWLOCK_U32_READ], AWAIT(shared_read(&self->typed, &typed_rwlock)));
            shared_unlock_read(self->typed.out);
            BENCH_OF(&rows[ONCE_GET], AWAIT(cell_get(&self->get, &once)));
            BENCH_OF(&rows[ONCE_GET_OR_INIT], AWAIT(cell_get_or_init(&self->make, &once, make, NULL)));
        }
        em_signal_set(&ended);
    }
}

/* -- there and back ------------------------------------------------------------------------------ */

TASK(greedy_a, VARS(em_greedy_semaphore_acquire_future acquire; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_greedy_semaphore_release(&greedy_there, 1);
            AWAIT(em_greedy_semaphore_acquire(&self->acquire, &greedy_back, 1));
            BENCH_SAMPLE(&rows[PINGPONG_GREEDY], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(greedy_b, VARS(em_greedy_semaphore_acquire_future acquire))
{
    ASYNC {
        for (;;) {
            AWAIT(em_greedy_semaphore_acquire(&self->acquire, &greedy_there, 1));
            em_greedy_semaphore_release(&greedy_back, 1);
        }
    }
}

/* Each holds it, to write, while the other waits, so every unlock hands it over. */
TASK(rwlock_a, VARS(em_rwlock_write_future write; unsigned i))
{
    ASYNC {
        AWAIT(em_rwlock_write(&self->write, &rwlock_between));
        YIELD();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_rwlock_unlock_write(&rwlock_between);
            AWAIT(em_rwlock_write(&self->write, &rwlock_between));
            BENCH_SAMPLE(&rows[PINGPONG_RWLOCK], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(rwlock_b, VARS(em_rwlock_write_future write))
{
    ASYNC {
        for (;;) {
            AWAIT(em_rwlock_write(&self->write, &rwlock_between));
            em_rwlock_unlock_write(&rwlock_between);
        }
    }
}

/* Emptied again between the rounds, which is not counted. */
TASK(once_a, VARS(cell_get_future get; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            cell_must_init(&once_there, 1);
            AWAIT(cell_get(&self->get, &once_back));
            BENCH_SAMPLE(&rows[PINGPONG_ONCE], BENCH_COUNT);
            uint32_t value;
            EM_ASSERT(cell_take(&once_there, &value) == EM_OK && cell_take(&once_back, &value) == EM_OK);
            YIELD(); /* b waits again */
        }
        em_signal_set(&ended);
    }
}

TASK(once_b, VARS(cell_get_future get))
{
    ASYNC {
        for (;;) {
            AWAIT(cell_get(&self->get, &once_there));
            cell_must_init(&once_back, 1);
            YIELD();
        }
    }
}

/* b first, so that it waits when a begins; but the lock is a's. */
MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, alone());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, greedy_b());
        em_must_spawn(self->spawner, greedy_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, rwlock_a());
        em_must_spawn(self->spawner, rwlock_b());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, once_b());
        em_must_spawn(self->spawner, once_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        BENCH_END(rows);
    }
}

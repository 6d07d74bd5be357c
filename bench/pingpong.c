/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Round trips between two tasks: there and back, two switches, for each kind of object. The first task of
 * each pair takes the samples.
 *
 * Flow: a: send, wait -> b: wait, send -> a
 */
#include "bench.h"

#include <em/async.h>

EM_SIGNAL_TYPE(number, uint32_t);
EM_CHANNEL_TYPE(numbers, uint32_t, 1);

static em_signal signal_there, signal_back;
static number number_there, number_back;
static em_mutex mutex;
static em_semaphore semaphore_there, semaphore_back;
static numbers numbers_there, numbers_back;
static em_signal ended;

static bench_row rows[] = {
    {.name = "pingpong_signal"}, {.name = "pingpong_signal_u32"}, {.name = "pingpong_mutex"},
    {.name = "pingpong_semaphore"}, {.name = "pingpong_channel"},
};

TASK(signal_a, VARS(em_signal_wait_future wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_signal_set(&signal_there);
            AWAIT(em_signal_wait(&self->wait, &signal_back));
            BENCH_SAMPLE(&rows[0], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(signal_b, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &signal_there));
            em_signal_set(&signal_back);
        }
    }
}

TASK(number_a, VARS(number_wait_future wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            number_set(&number_there, self->i);
            AWAIT(number_wait(&self->wait, &number_back));
            BENCH_SAMPLE(&rows[1], BENCH_COUNT);
            EM_ASSERT(self->wait.out == self->i);
        }
        em_signal_set(&ended);
    }
}

TASK(number_b, VARS(number_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(number_wait(&self->wait, &number_there));
            number_set(&number_back, self->wait.out);
        }
    }
}

/* Each holds it while the other waits, so every unlock hands it over. */
TASK(mutex_a, VARS(em_mutex_lock_future lock; unsigned i))
{
    ASYNC {
        AWAIT(em_mutex_lock(&self->lock, &mutex));
        YIELD();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_mutex_unlock(&mutex);
            AWAIT(em_mutex_lock(&self->lock, &mutex));
            BENCH_SAMPLE(&rows[2], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(mutex_b, VARS(em_mutex_lock_future lock))
{
    ASYNC {
        for (;;) {
            AWAIT(em_mutex_lock(&self->lock, &mutex));
            em_mutex_unlock(&mutex);
        }
    }
}

TASK(semaphore_a, VARS(em_semaphore_acquire_future acquire; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_semaphore_release(&semaphore_there, 1);
            AWAIT(em_semaphore_acquire(&self->acquire, &semaphore_back, 1));
            BENCH_SAMPLE(&rows[3], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(semaphore_b, VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        for (;;) {
            AWAIT(em_semaphore_acquire(&self->acquire, &semaphore_there, 1));
            em_semaphore_release(&semaphore_back, 1);
        }
    }
}

TASK(channel_a, VARS(ONE_OF(numbers_send_future send, numbers_receive_future receive); unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(numbers_send(&self->send, &numbers_there, self->i));
            AWAIT(numbers_receive(&self->receive, &numbers_back));
            BENCH_SAMPLE(&rows[4], BENCH_COUNT);
            EM_ASSERT(self->receive.out == self->i);
        }
        em_signal_set(&ended);
    }
}

TASK(channel_b, VARS(numbers_send_future send; numbers_receive_future receive))
{
    ASYNC {
        for (;;) {
            AWAIT(numbers_receive(&self->receive, &numbers_there));
            AWAIT(numbers_send(&self->send, &numbers_back, self->receive.out));
        }
    }
}

/* b first, so that it waits when a begins; but the mutex is a's. Nobody joins a: a task that is joined is polled
 * on the slow path. */
MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, signal_b());
        em_must_spawn(self->spawner, signal_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, number_b());
        em_must_spawn(self->spawner, number_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, mutex_a());
        em_must_spawn(self->spawner, mutex_b());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, semaphore_b());
        em_must_spawn(self->spawner, semaphore_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, channel_b());
        em_must_spawn(self->spawner, channel_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        BENCH_END(rows);
    }
}

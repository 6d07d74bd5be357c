/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Operations that need not wait and for which nobody waits.
 *
 * Flow: one task; each object alone
 */
#include "bench.h"

#include <em/async.h>

EM_CHANNEL_TYPE(numbers, uint32_t, 4);

static numbers channel;
static em_signal signal;
static em_mutex mutex;
static em_semaphore semaphore = EM_SEMAPHORE_INIT(1);

static bench_row rows[] = {
    {.name = "channel_try_send"}, {.name = "channel_try_receive"},
    {.name = "channel_send"}, {.name = "channel_receive"},
    {.name = "signal_set"}, {.name = "signal_try_wait"}, {.name = "signal_wait"},
    {.name = "mutex_lock"}, {.name = "mutex_unlock"},
    {.name = "semaphore_acquire"}, {.name = "semaphore_release"},
};

static void try_channel(uint32_t value)
{
    uint32_t out = 0;
    BENCH_START();
    int sent = numbers_try_send(&channel, value);
    BENCH_SAMPLE(&rows[0], BENCH_COUNT);
    BENCH_START();
    int received = numbers_try_receive(&channel, &out);
    BENCH_SAMPLE(&rows[1], BENCH_COUNT);
    EM_ASSERT(sent == EM_OK && received == EM_OK && out == value);
}

static void try_signal(void)
{
    BENCH_START();
    em_signal_set(&signal);
    BENCH_SAMPLE(&rows[4], BENCH_COUNT);
    BENCH_START();
    int taken = em_signal_try_wait(&signal);
    BENCH_SAMPLE(&rows[5], BENCH_COUNT);
    EM_ASSERT(taken == EM_OK);
}

MAIN(VARS(numbers_send_future send; numbers_receive_future receive; em_signal_wait_future wait;
          em_mutex_lock_future lock; em_semaphore_acquire_future acquire; unsigned i))
{
    ASYNC {
        bench_self_test();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_channel(self->i);
            BENCH_START();
            AWAIT(numbers_send(&self->send, &channel, self->i));
            BENCH_SAMPLE(&rows[2], BENCH_COUNT);
            BENCH_START();
            AWAIT(numbers_receive(&self->receive, &channel));
            BENCH_SAMPLE(&rows[3], BENCH_COUNT);
            try_signal();
            em_signal_set(&signal);
            BENCH_START();
            AWAIT(em_signal_wait(&self->wait, &signal));
            BENCH_SAMPLE(&rows[6], BENCH_COUNT);
            BENCH_START();
            AWAIT(em_mutex_lock(&self->lock, &mutex));
            BENCH_SAMPLE(&rows[7], BENCH_COUNT);
            BENCH_START();
            em_mutex_unlock(&mutex);
            BENCH_SAMPLE(&rows[8], BENCH_COUNT);
            BENCH_START();
            AWAIT(em_semaphore_acquire(&self->acquire, &semaphore, 1));
            BENCH_SAMPLE(&rows[9], BENCH_COUNT);
            BENCH_START();
            em_semaphore_release(&semaphore, 1);
            BENCH_SAMPLE(&rows[10], BENCH_COUNT);
        }
        BENCH_END(rows);
    }
}

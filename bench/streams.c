/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bytes through a pipe: operations for which nobody waits, 16 bytes at a time, and the round trip of one byte.
 *
 * Flow: one task, the pipe alone;  then a: write, read -> b: read, write -> a
 */
#include "bench.h"

#include <em/async.h>

enum { BYTES = 16 };

static uint8_t buffer[64], buffer_there[4], buffer_back[4];
static em_pipe pipe = EM_PIPE_INIT(buffer, sizeof buffer);
static em_pipe there = EM_PIPE_INIT(buffer_there, sizeof buffer_there);
static em_pipe back = EM_PIPE_INIT(buffer_back, sizeof buffer_back);
static uint8_t bytes[BYTES];
static em_signal ended;

enum { TRY_WRITE, TRY_READ, WRITE, READ, WRITE_ALL, FILL_CONSUME, PINGPONG };

static bench_row rows[] = {
    [TRY_WRITE] = {.name = "pipe_16_try_write"},
    [TRY_READ] = {.name = "pipe_16_try_read"},
    [WRITE] = {.name = "pipe_16_write"},
    [READ] = {.name = "pipe_16_read"},
    [WRITE_ALL] = {.name = "pipe_16_write_all"},
    [FILL_CONSUME] = {.name = "pipe_16_fill_buf_consume"},
    [PINGPONG] = {.name = "pingpong_pipe"},
};

/* The ring is not wrapped around: a multiple of what is written. */
static void try_pipe(void)
{
    int written;
    int read;

    BENCH_OF(&rows[TRY_WRITE], written = em_pipe_try_write(&pipe, bytes, BYTES));
    BENCH_OF(&rows[TRY_READ], read = em_pipe_try_read(&pipe, bytes, BYTES));
    EM_ASSERT(written == BYTES && read == BYTES);
}

TASK(alone, VARS(em_pipe_write_future write; em_pipe_read_future read; em_pipe_fill_buf_future fill; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_pipe();
            BENCH_OF(&rows[WRITE], AWAIT(em_pipe_write(&self->write, &pipe, bytes, BYTES)));
            BENCH_OF(&rows[READ], AWAIT(em_pipe_read(&self->read, &pipe, bytes, BYTES)));
            BENCH_OF(&rows[WRITE_ALL], AWAIT(em_pipe_write_all(&self->write, &pipe, bytes, BYTES)));
            BENCH_OF(&rows[FILL_CONSUME], AWAIT(em_pipe_fill_buf(&self->fill, &pipe));
                     em_pipe_consume(&pipe, BYTES));
            EM_ASSERT(self->fill.out.len == BYTES && em_pipe_is_empty(&pipe));
        }
        em_signal_set(&ended);
    }
}

TASK(pipe_a, VARS(em_pipe_write_future write; em_pipe_read_future read; uint8_t byte; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(em_pipe_write(&self->write, &there, &self->byte, 1));
            AWAIT(em_pipe_read(&self->read, &back, &self->byte, 1));
            BENCH_SAMPLE(&rows[PINGPONG], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(pipe_b, VARS(em_pipe_write_future write; em_pipe_read_future read; uint8_t byte))
{
    ASYNC {
        for (;;) {
            AWAIT(em_pipe_read(&self->read, &there, &self->byte, 1));
            AWAIT(em_pipe_write(&self->write, &back, &self->byte, 1));
        }
    }
}

MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, alone());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, pipe_b());
        em_must_spawn(self->spawner, pipe_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks on both executors that share pipes. What is in their buffers is plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 500, MESSAGE = 5 };
enum { TALKERS = 2, LISTENERS = 1, POURERS = 2, DRINKERS = 2 };

static uint8_t talk_bytes[7], drink_bytes[4];
static em_pipe talk = EM_PIPE_INIT(talk_bytes, sizeof talk_bytes);
static em_pipe drinks = EM_PIPE_INIT(drink_bytes, sizeof drink_bytes);
static unsigned long heard[TALKERS], poured[POURERS], drunk[DRINKERS]; /* plain, each of one task */
static int32_t unfinished = TALKERS + LISTENERS + POURERS + POURERS * ROUNDS; /* tasks, and bytes not drunk */

static void finished(int32_t n)
{
    __atomic_fetch_add(&unfinished, -n, __ATOMIC_RELEASE);
}

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

/* Says one thing again and again, each time in one piece. */
TASK(talker, POOL(TALKERS), ARGS((uint8_t, number)),
     VARS(em_pipe_write_all_future write; uint8_t message[MESSAGE]; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            for (uint8_t n = 0; n < MESSAGE; n++) {
                self->message[n] = (uint8_t)(self->number * MESSAGE + n);
            }
            AWAIT(em_pipe_write_all(&self->write, &talk, self->message, MESSAGE));
        }
        finished(1);
    }
}

/* Every byte of a message follows the one before it. Reads by copies and by loans in turn. */
TASK(listener, VARS(em_pipe_read_future read; em_pipe_fill_buf_future fill; uint8_t buf[3]; unsigned i; uint8_t last))
{
    ASYNC {
        self->last = MESSAGE - 1;
        while (self->i < TALKERS * ROUNDS * MESSAGE) {
            em_pipe_bytes got;
            if (self->i % 2) {
                AWAIT(em_pipe_read(&self->read, &talk, self->buf, sizeof self->buf));
                got = (em_pipe_bytes){self->buf, (size_t)self->read.out};
            } else {
                AWAIT_INTO(got, em_pipe_fill_buf(&self->fill, &talk));
            }
            for (size_t n = 0; n < got.len; n++, self->i++) {
                bool begins = self->last % MESSAGE == MESSAGE - 1;
                check(begins ? got.data[n] % MESSAGE == 0 : got.data[n] == self->last + 1, "a message was torn");
                self->last = got.data[n];
                heard[self->last / MESSAGE]++;
            }
            if (got.data != self->buf) {
                em_pipe_consume(&talk, got.len);
            }
        }
        finished(1);
    }
}

TASK(pourer, POOL(POURERS), ARGS((unsigned, number)), VARS(em_pipe_write_future write; uint8_t bytes[3]; unsigned i))
{
    ASYNC {
        while (self->i < ROUNDS) {
            for (unsigned n = 0; n < sizeof self->bytes; n++) {
                self->bytes[n] = (uint8_t)(self->i + n);
            }
            size_t len = ROUNDS - self->i < sizeof self->bytes ? ROUNDS - self->i : sizeof self->bytes;
            AWAIT(em_pipe_write(&self->write, &drinks, self->bytes, len));
            for (unsigned n = 0; n < self->write.written; n++) {
                poured[self->number] += self->bytes[n];
            }
            self->i += (unsigned)self->write.written;
        }
        finished(1);
    }
}

/* Every fourth loses its turn at once, perhaps one that was handed over. They wait for ever in the end. */
TASK(drinker, POOL(DRINKERS), ARGS((unsigned, number)),
     VARS(em_pipe_read_future read; em_mutex_lock_future lock; em_yield yield; em_select2 select; uint8_t buf[2];
          unsigned i))
{
    ASYNC {
        for (;; self->i++) {
            if (self->i % 4 == 0) {
                AWAIT(SELECT(&self->select, em_yield_now(&self->yield),
                             em_pipe_read(&self->read, &drinks, self->buf, sizeof self->buf)));
                if (!WON(self->select, self->read)) {
                    continue;
                }
            } else {
                AWAIT(em_pipe_read(&self->read, &drinks, self->buf, sizeof self->buf));
            }
            for (int n = 0; n < self->read.out; n++) {
                drunk[self->number] += self->buf[n];
            }
            finished(self->read.out);
        }
    }
}

void streams_start(void)
{
    for (unsigned i = 0; i < 2; i++) {
        em_spawner s = em_spawner_hart(i % PORT_EXECUTORS);
        em_must_spawn(s, talker((uint8_t)i));
        em_must_spawn(s, pourer(i));
        em_must_spawn(s, drinker(i));
    }
    em_must_spawn(em_spawner_hart(0), listener());
}

void streams_finish(void)
{
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

void streams_check(void)
{
    check(heard[0] == ROUNDS * MESSAGE && heard[1] == heard[0], "a message was lost");
    check(drunk[0] + drunk[1] == poured[0] + poured[1], "a byte was lost or had twice");
    check(em_pipe_is_empty(&talk) && em_pipe_is_empty(&drinks), "a byte was left");
}

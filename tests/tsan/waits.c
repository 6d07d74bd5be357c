/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks on both executors that share a read/write lock, a condition variable, event flags, a barrier, cells that
 * are set once, greedy semaphores and waker cells. What these guard or hand over is plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <em/waker_cell.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 500, ROOM = 2 };
enum { READERS = 3, WRITERS = 2, PUTTERS = 2, TAKERS = 2, PARTIES = 3, PLAYERS = 2, HOLDERS = 4, RINGERS = 2 };

EM_ONCE_TYPE(cell, unsigned long);
EM_MUTEX_TYPE(buffer, unsigned);

static em_rwlock rwlock;
static em_condvar changed;
static em_barrier barrier = EM_BARRIER_INIT(PARTIES);
static em_event_flags flags;
static em_greedy_semaphore greedy = EM_GREEDY_SEMAPHORE_INIT(2);
static cell cells[ROUNDS];
static buffer items;
static unsigned long written, copy, put, got[TAKERS], step[PARTIES], ball, made, held[2], rung; /* plain, guarded */
static int32_t unfinished = READERS + WRITERS + PUTTERS + TAKERS + PARTIES + PLAYERS + HOLDERS + RINGERS;

static void finished(void)
{
    __atomic_fetch_add(&unfinished, -1, __ATOMIC_RELEASE);
}

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

/* Every tenth reader loses its turn at once, perhaps one that was handed over. */
TASK(reader, POOL(READERS), VARS(em_rwlock_read_future read; em_yield yield; em_select2 select; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            if (self->i % 10 == 0) {
                AWAIT(SELECT(&self->select, em_yield_now(&self->yield), em_rwlock_read(&self->read, &rwlock)));
                if (!WON(self->select, self->read)) {
                    continue;
                }
            } else {
                AWAIT(em_rwlock_read(&self->read, &rwlock));
            }
            check(written == copy, "a reader sees half of what was written");
            em_rwlock_unlock_read(&rwlock);
        }
        finished();
    }
}

TASK(writer, POOL(WRITERS), VARS(em_rwlock_write_future write; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(em_rwlock_write(&self->write, &rwlock));
            written++;
            YIELD();
            copy++;
            em_rwlock_downgrade(&rwlock);
            check(written == copy, "somebody wrote after a downgrade");
            em_rwlock_unlock_read(&rwlock);
        }
        finished();
    }
}

TASK(putter, POOL(PUTTERS), VARS(buffer_lock_future lock; em_condvar_wait_future wait; unsigned *full; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT_INTO(self->full, buffer_lock(&self->lock, &items));
            while (*self->full == ROOM) {
                AWAIT(em_condvar_wait(&self->wait, &changed, &items.mutex));
            }
            ++*self->full;
            put++;
            em_condvar_notify_all(&changed);
            buffer_unlock(self->full);
        }
        finished();
    }
}

TASK(taker, POOL(TAKERS), ARGS((unsigned, number)),
     VARS(buffer_lock_future lock; em_condvar_wait_future wait; unsigned *full; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS * PUTTERS / TAKERS; self->i++) {
            AWAIT_INTO(self->full, buffer_lock(&self->lock, &items));
            while (*self->full == 0) {
                AWAIT(em_condvar_wait(&self->wait, &changed, &items.mutex));
            }
            --*self->full;
            got[self->number]++;
            em_condvar_notify_all(&changed);
            buffer_unlock(self->full);
        }
        finished();
    }
}

static void make(unsigned long *value, void *arg)
{
    (void)arg;
    sched_yield(); /* so that another comes meanwhile */
    *value = ++made; /* cells are made one after another */
}

/* All take a step, see the others' steps, and want the same cell. */
TASK(party, POOL(PARTIES), ARGS((unsigned, number)),
     VARS(em_barrier_wait_future wait; cell_get_or_init_future get; unsigned long *value; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            step[self->number]++;
            AWAIT(em_barrier_wait(&self->wait, &barrier));
            for (unsigned n = 0; n < PARTIES; n++) {
                check(step[n] == self->i + 1, "a party is ahead or behind");
            }
            AWAIT_INTO(self->value, cell_get_or_init(&self->get, &cells[self->i], make, NULL));
            check(*self->value == self->i + 1, "a cell was made twice, or out of order");
            AWAIT(em_barrier_wait(&self->wait, &barrier));
        }
        finished();
    }
}

/* Two throw a ball to each other: who has it may touch it. */
TASK(player, POOL(PLAYERS), ARGS((uint32_t, mine)), VARS(em_event_flags_wait_future take; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(em_event_flags_take_any(&self->take, &flags, self->mine));
            ball++;
            em_event_flags_set(&flags, 3 ^ self->mine);
        }
        finished();
    }
}

/* Both permits guard what is held; they come back one by one. */
TASK(holder, POOL(HOLDERS), VARS(em_greedy_semaphore_acquire_future acquire; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(em_greedy_semaphore_acquire(&self->acquire, &greedy, 2));
            held[0]++;
            YIELD();
            held[1]++;
            em_greedy_semaphore_release(&greedy, 1);
            em_greedy_semaphore_release(&greedy, 1);
        }
        finished();
    }
}

/* Two ring each other's bell: it says that the other is done with what is plain. */
typedef struct bell {
    em_waker_cell waiter;
    int32_t rings;
} bell;

static bell bells[RINGERS];

static em_poll listen(void *arg, em_context *cx)
{
    bell *b = arg;
    em_waker_cell_set(&b->waiter, em_context_waker(cx)); /* first */
    if (em_atomic_load(&b->rings) == 0) {
        return EM_PENDING;
    }
    em_waker_cell_clear(&b->waiter);
    em_atomic_store(&b->rings, 0);
    return EM_READY;
}

static void ring(bell *b)
{
    em_atomic_store(&b->rings, 1);
    em_waker_cell_wake(&b->waiter);
}

TASK(ringer, POOL(RINGERS), ARGS((unsigned, number)), VARS(em_poll_fn wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(em_poll_fn_start(&self->wait, listen, &bells[self->number]));
            rung++;
            ring(&bells[1 - self->number]);
        }
        finished();
    }
}

void waits_start(void)
{
    for (unsigned i = 0; i < HOLDERS; i++) {
        em_spawner s = em_spawner_hart(i % PORT_EXECUTORS);
        em_must_spawn(s, holder());
        if (i < 3) {
            em_must_spawn(s, reader());
            em_must_spawn(s, party(i));
        }
        if (i < 2) {
            em_must_spawn(s, writer());
            em_must_spawn(s, putter());
            em_must_spawn(s, taker(i));
            em_must_spawn(s, player(1u << i));
            em_must_spawn(s, ringer(i));
        }
    }
    em_event_flags_set(&flags, 1);
    ring(&bells[0]);
}

void waits_finish(void)
{
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

void waits_check(void)
{
    check(written == WRITERS * ROUNDS && copy == written, "a write was lost");
    check(put == PUTTERS * ROUNDS && got[0] + got[1] == put && items.value == 0, "an item was lost");
    check(ball == PLAYERS * ROUNDS && em_event_flags_get(&flags) == 1, "the ball was lost");
    check(em_barrier_generation(&barrier) == 2 * ROUNDS, "a round was lost");
    check(held[0] == HOLDERS * ROUNDS && held[1] == held[0] && em_greedy_semaphore_permits(&greedy) == 2,
          "a permit was had twice");
    check(rung == RINGERS * ROUNDS, "a ring was lost");
    check(made == ROUNDS, "a cell was made twice");
}

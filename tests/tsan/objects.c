/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks on both executors that share a mutex, a semaphore, a channel, a signal, and join each other. What the
 * objects guard is plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 3000, LOCKERS = 4, SENDERS = 2, RECEIVERS = 2, WAITERS = 2, CHILDREN = 2 };

EM_CHANNEL_TYPE(box, unsigned, 3);
EM_SIGNAL_TYPE(latest, unsigned);

static em_mutex mutex;
static em_semaphore semaphore = EM_SEMAPHORE_INIT(1);
static box channel;
static latest value;
static unsigned long locked, permitted, joined; /* plain, guarded */
static unsigned long received[RECEIVERS], received_count[RECEIVERS];
static int32_t unfinished = LOCKERS + SENDERS + RECEIVERS + 1;
static unsigned long signals;

static void finished(void)
{
    __atomic_fetch_add(&unfinished, -1, __ATOMIC_RELEASE);
}

TASK(locker, POOL(LOCKERS),
     VARS(em_mutex_lock_future lock; em_semaphore_acquire_future acquire; unsigned i; unsigned long before))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(em_mutex_lock(&self->lock, &mutex));
            self->before = locked;
            YIELD();
            locked = self->before + 1;
            em_mutex_unlock(&mutex);
            AWAIT(em_semaphore_acquire(&self->acquire, &semaphore, 1));
            permitted++;
            em_semaphore_release(&semaphore, 1);
        }
        finished();
    }
}

TASK(sender, POOL(SENDERS), VARS(box_send_future send; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= ROUNDS; self->i++) {
            AWAIT(box_send(&self->send, &channel, self->i));
        }
        finished();
    }
}

/* The select drops a receive at each signal that comes first, perhaps one that was promised a value. */
TASK(receiver, POOL(RECEIVERS), ARGS((unsigned, number)),
     VARS(box_receive_future receive; latest_wait_future wait; em_select2 select; unsigned i))
{
    ASYNC {
        while (self->i < ROUNDS) {
            AWAIT(SELECT(&self->select, latest_wait(&self->wait, &value), box_receive(&self->receive, &channel)));
            if (WON(self->select, self->receive)) {
                received[self->number] += self->receive.out;
                received_count[self->number]++;
                self->i++;
            }
        }
        finished();
    }
}

TASK(child, POOL(CHILDREN), ARGS((unsigned long *, counter)))
{
    ASYNC {
        YIELD();
        ++*self->counter;
    }
}

/* Joins its children, which live on the other executor, and spawns into the slots they have left. */
TASK(parent, VARS(em_task_handle handle[CHILDREN]; em_task_join join[CHILDREN]; em_join2 both; unsigned i;
                  unsigned long count[CHILDREN]))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            for (unsigned c = 0; c < CHILDREN; c++) {
                int err = em_spawn_handle(em_spawner_hart(1), child(&self->count[c]), &self->handle[c]);
                EM_ASSERT(err == EM_OK);
            }
            AWAIT(JOIN(&self->both, em_task_wait(&self->join[0], self->handle[0]),
                       em_task_wait(&self->join[1], self->handle[1])));
        }
        joined = self->count[0] + self->count[1];
        finished();
    }
}

void objects_start(void)
{
    for (unsigned i = 0; i < LOCKERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), locker());
    }
    for (unsigned i = 0; i < SENDERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), sender());
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), receiver(i));
    }
    em_must_spawn(em_spawner_hart(0), parent());
}

void objects_event(void)
{
    if (__atomic_fetch_add(&signals, 1, __ATOMIC_RELAXED) % 4 == 0) {
        latest_set(&value, 1);
    }
}

void objects_finish(void)
{
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

void objects_check(void)
{
    check(locked == LOCKERS * ROUNDS, "the mutex let two in");
    check(permitted == LOCKERS * ROUNDS, "the semaphore let two in");
    check(received_count[0] + received_count[1] == SENDERS * ROUNDS, "values were lost or had twice");
    check(received[0] + received[1] == SENDERS * (ROUNDS * (ROUNDS + 1ul) / 2), "values were changed");
    check(joined == CHILDREN * ROUNDS, "children were lost");
}

unsigned long objects_rounds(void)
{
    return locked + permitted + received_count[0] + received_count[1] + joined;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What tells tasks that something has happened, beside the signal of uncontended.c and pingpong.c: operations
 * for which nobody waits, and round trips between two tasks.
 *
 * Flow: one task, each object alone;  then a: tell, wait -> b: wait, tell -> a
 */
#include "bench.h"

#include <em/async.h>

EM_MUTEX_TYPE(turn, uint32_t);

static em_event_flags flags, flags_between;
static em_condvar condvar, condvar_there, condvar_back;
static turn whose;
static em_barrier barrier = EM_BARRIER_INIT(1), barrier_between = EM_BARRIER_INIT(2);
static em_waker_cell cell, cell_there, cell_back;
static em_wait_list list;
static em_signal ended;

enum {
    FLAGS_SET, FLAGS_TRY_WAIT, FLAGS_WAIT, FLAGS_TRY_TAKE, FLAGS_TAKE, PINGPONG_FLAGS,
    CONDVAR_NOTIFY_ONE, CONDVAR_NOTIFY_ALL, PINGPONG_CONDVAR,
    BARRIER_WAIT, PINGPONG_BARRIER,
    CELL_SET, CELL_WAKE, CELL_CLEAR, PINGPONG_CELL,
    LIST_ADD, LIST_NOTIFY, LIST_LEAVE,
};

static bench_row rows[] = {
    [FLAGS_SET] = {.name = "event_flags_set"},
    [FLAGS_TRY_WAIT] = {.name = "event_flags_try_wait"},
    [FLAGS_WAIT] = {.name = "event_flags_wait"},
    [FLAGS_TRY_TAKE] = {.name = "event_flags_try_take"},
    [FLAGS_TAKE] = {.name = "event_flags_take"},
    [PINGPONG_FLAGS] = {.name = "pingpong_event_flags"},
    [CONDVAR_NOTIFY_ONE] = {.name = "condvar_notify_one"},
    [CONDVAR_NOTIFY_ALL] = {.name = "condvar_notify_all"},
    [PINGPONG_CONDVAR] = {.name = "pingpong_condvar"},
    [BARRIER_WAIT] = {.name = "barrier_wait_last"},
    [PINGPONG_BARRIER] = {.name = "pingpong_barrier"},
    [CELL_SET] = {.name = "waker_cell_set"},
    [CELL_WAKE] = {.name = "waker_cell_wake"},
    [CELL_CLEAR] = {.name = "waker_cell_clear"},
    [PINGPONG_CELL] = {.name = "pingpong_waker_cell"},
    [LIST_ADD] = {.name = "wait_list_add"},
    [LIST_NOTIFY] = {.name = "wait_list_notify"},
    [LIST_LEAVE] = {.name = "wait_list_leave"},
};

/* -- nobody waits -------------------------------------------------------------------------------- */

static void try_flags(void)
{
    uint32_t found = 0;
    int err;

    BENCH_OF(&rows[FLAGS_SET], em_event_flags_set(&flags, 3));
    BENCH_OF(&rows[FLAGS_TRY_WAIT], err = em_event_flags_try_wait_any(&flags, 1, &found));
    EM_ASSERT(err == EM_OK && found == 1);
    BENCH_OF(&rows[FLAGS_TRY_TAKE], err = em_event_flags_try_take_any(&flags, 1, &found));
    EM_ASSERT(err == EM_OK && found == 1);
}

static void try_condvar(void)
{
    BENCH_OF(&rows[CONDVAR_NOTIFY_ONE], em_condvar_notify_one(&condvar));
    BENCH_OF(&rows[CONDVAR_NOTIFY_ALL], em_condvar_notify_all(&condvar));
}

/* Here one other waits already: the second node is put behind it. */
static void try_list(em_waker waker)
{
    static em_wait_node first, second;
    em_wait_node *notified;
    bool handed;

    em_wait_list_add(&list, &first, waker);
    BENCH_OF(&rows[LIST_ADD], em_wait_list_add(&list, &second, waker));
    BENCH_OF(&rows[LIST_NOTIFY], notified = em_wait_list_notify(&list));
    BENCH_OF(&rows[LIST_LEAVE], handed = em_wait_list_leave(&list, &second));
    EM_ASSERT(notified == &first && !handed && em_wait_list_empty(&list));
    em_wait_node_init(&first);
}

/* What wakes nobody: the cell is emptied by a clear. */
static void try_cell(em_waker waker)
{
    BENCH_OF(&rows[CELL_SET], em_waker_cell_set(&cell, waker));
    BENCH_OF(&rows[CELL_CLEAR], em_waker_cell_clear(&cell));
    BENCH_OF(&rows[CELL_WAKE], em_waker_cell_wake(&cell));
}

TASK(alone, VARS(em_event_flags_wait_future wait; em_barrier_wait_future meet; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_flags();
            try_condvar();
            try_list(em_context_waker(cx));
            try_cell(em_context_waker(cx));
            em_event_flags_set(&flags, 3);
            BENCH_OF(&rows[FLAGS_WAIT], AWAIT(em_event_flags_wait_any(&self->wait, &flags, 1)));
            BENCH_OF(&rows[FLAGS_TAKE], AWAIT(em_event_flags_take_any(&self->wait, &flags, 1)));
            BENCH_OF(&rows[BARRIER_WAIT], AWAIT(em_barrier_wait(&self->meet, &barrier)));
        }
        em_signal_set(&ended);
    }
}

/* -- there and back ------------------------------------------------------------------------------ */

TASK(flags_a, VARS(em_event_flags_wait_future wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_event_flags_set(&flags_between, 1);
            AWAIT(em_event_flags_take_any(&self->wait, &flags_between, 2));
            BENCH_SAMPLE(&rows[PINGPONG_FLAGS], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(flags_b, VARS(em_event_flags_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_event_flags_take_any(&self->wait, &flags_between, 1));
            em_event_flags_set(&flags_between, 2);
        }
    }
}

/* The textbook's monitor: the mutex is locked all the time but for the waits. */
TASK(condvar_a, VARS(turn_lock_future lock; em_condvar_wait_future wait; unsigned i))
{
    ASYNC {
        AWAIT(turn_lock(&self->lock, &whose));
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            *self->lock.out = 1;
            em_condvar_notify_one(&condvar_there);
            while (*self->lock.out != 0) {
                AWAIT(em_condvar_wait(&self->wait, &condvar_back, &whose.mutex));
            }
            BENCH_SAMPLE(&rows[PINGPONG_CONDVAR], BENCH_COUNT);
        }
        turn_unlock(self->lock.out);
        em_signal_set(&ended);
    }
}

TASK(condvar_b, VARS(turn_lock_future lock; em_condvar_wait_future wait))
{
    ASYNC {
        AWAIT(turn_lock(&self->lock, &whose));
        for (;;) {
            while (*self->lock.out != 1) {
                AWAIT(em_condvar_wait(&self->wait, &condvar_there, &whose.mutex));
            }
            *self->lock.out = 0;
            em_condvar_notify_one(&condvar_back);
        }
    }
}

/* One round: a comes and waits, b comes last, a goes on. Then b has come to wait, and a is the last. */
TASK(barrier_a, VARS(em_barrier_wait_future wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(em_barrier_wait(&self->wait, &barrier_between));
            AWAIT(em_barrier_wait(&self->wait, &barrier_between));
            BENCH_SAMPLE(&rows[PINGPONG_BARRIER], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(barrier_b, VARS(em_barrier_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_barrier_wait(&self->wait, &barrier_between));
        }
    }
}

/* The least that a wait can be: pending once, with its waker in a cell. */
typedef struct cell_wait {
    em_future future;
    em_waker_cell *cell;
    bool waits;
} cell_wait;

static em_poll cell_wait_poll(em_future *f, em_context *cx)
{
    cell_wait *w = (cell_wait *)(void *)f;
    if (w->waits) {
        return EM_READY;
    }
    w->waits = true;
    em_waker_cell_set(w->cell, em_context_waker(cx));
    return EM_PENDING;
}

static void cell_wait_drop(em_future *f)
{
    em_waker_cell_clear(((cell_wait *)(void *)f)->cell);
}

static const em_future_ops cell_wait_ops = {.poll = cell_wait_poll, .drop = cell_wait_drop, .name = "cell_wait"};

static inline cell_wait *wait_for_cell(cell_wait *w, em_waker_cell *c)
{
    w->future.ops = &cell_wait_ops;
    w->cell = c;
    w->waits = false;
    return w;
}

TASK(cell_a, VARS(cell_wait wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            em_waker_cell_wake(&cell_there);
            AWAIT(wait_for_cell(&self->wait, &cell_back));
            BENCH_SAMPLE(&rows[PINGPONG_CELL], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(cell_b, VARS(cell_wait wait))
{
    ASYNC {
        for (;;) {
            AWAIT(wait_for_cell(&self->wait, &cell_there));
            em_waker_cell_wake(&cell_back);
        }
    }
}

/* b first, so that it waits when a begins. */
MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, alone());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, flags_b());
        em_must_spawn(self->spawner, flags_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, condvar_b());
        em_must_spawn(self->spawner, condvar_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, barrier_b());
        em_must_spawn(self->spawner, barrier_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, cell_b());
        em_must_spawn(self->spawner, cell_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Harts that wake, spawn on, cancel tasks of, and send messages to one another, ROUNDS times each; all is accounted
 * for.
 *
 * On QEMU without -icount the harts are threads of the computer, which may have fewer cores: who has nothing to do
 * awaits, so that the others get on. run_tsan.py builds it for Linux, too.
 *
 * run: --smp 4
 * expect: 4 harts, \d+ rounds: each wake seen, each guest came, each lodger left, each message in order
 */
#include <em/async.h>
#include <em/board.h>

#ifndef ROUNDS
#define ROUNDS 100000u
#endif
enum { HARTS = 4, KINDS = 5, GUESTS = 16, BEDS = 10 };

/* -- wakes: each is followed by a poll ------------------------------------------------------------ */

typedef struct watch {
    em_waker waker; /* before ready */
    int32_t ready;
    int32_t events;
    int32_t seen;
    int32_t polls; /* the task's own */
} EM_HART_ALIGNED_ watch;

static watch watches[HARTS];
static em_semaphore done;
static int32_t guests_came, lodgers_came, lodgers_left;

static em_poll look(void *arg, em_context *cx)
{
    watch *w = arg;
    if (w->polls++ == 0) {
        w->waker = em_context_waker(cx);
        em_atomic_store(&w->ready, 1);
    }
    em_atomic_store(&w->seen, em_atomic_load(&w->events));
    return EM_PENDING;
}

TASK(watcher, POOL(HARTS), ARGS((watch *, own)), VARS(em_poll_fn fn))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->fn, look, self->own));
    }
}

TASK(waking, POOL(HARTS), ARGS((watch *, target)), VARS(unsigned i))
{
    ASYNC {
        while (!em_atomic_load(&self->target->ready)) {
            YIELD();
        }
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            em_atomic_add(&self->target->events, 1);
            em_wake(self->target->waker);
            if (self->i % 4 == 0) {
                YIELD();
            }
        }
        em_semaphore_release(&done, 1);
    }
}

/* -- spawns: the pool is smaller than what is wanted ---------------------------------------------- */

static em_semaphore rooms = EM_SEMAPHORE_INIT(GUESTS);

TASK(guest, POOL(GUESTS), ARGS((unsigned, hart)))
{
    ASYNC {
        EM_ASSERT(em_hart_id() == self->hart);
        em_atomic_add(&guests_came, 1);
        em_semaphore_release(&rooms, 1);
    }
}

TASK(inviting, POOL(HARTS), VARS(em_semaphore_acquire_future room; unsigned i; unsigned at))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(em_semaphore_acquire(&self->room, &rooms, 1));
            self->at = (em_hart_id() + self->i) % HARTS;
            while (em_spawn(em_spawner_hart(self->at), guest(self->at)) == EM_ERR_BUSY) {
                YIELD(); /* who has left the room is still on the way out */
            }
        }
        em_semaphore_release(&done, 1);
    }
}

/* -- cancels: before the first poll, or later ----------------------------------------------------- */

static em_poll stay(void *arg, em_context *cx)
{
    (void)arg, (void)cx;
    return EM_PENDING;
}

TASK(lodger, POOL(HARTS * BEDS), VARS(em_poll_fn fn))
{
    ASYNC_TRY {
        em_atomic_add(&lodgers_came, 1);
        AWAIT(em_poll_fn_start(&self->fn, stay, NULL));
    }
    FINALLY {
        EM_ASSERT(CANCELLED);
        em_atomic_add(&lodgers_left, 1);
    }
}

TASK(letting, POOL(HARTS), VARS(unsigned i; unsigned n; em_task_handle tenants[BEDS]; em_task_join gone))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i += BEDS) {
            for (unsigned n = 0; n < BEDS; n++) {
                int err = em_spawn_handle(em_spawner_hart((em_hart_id() + 1) % HARTS), lodger(), &self->tenants[n]);
                EM_ASSERT(err == EM_OK);
            }
            if (self->i % (2 * BEDS)) {
                YIELD();
            }
            for (unsigned n = 0; n < BEDS; n++) {
                em_task_cancel(self->tenants[n]);
            }
            for (self->n = 0; self->n < BEDS; self->n++) {
                AWAIT(em_task_wait(&self->gone, self->tenants[self->n]));
            }
        }
        em_semaphore_release(&done, 1);
    }
}

/* -- messages ------------------------------------------------------------------------------------- */

EM_CHANNEL_TYPE(wire, unsigned, 16);
static wire wires[HARTS];

TASK(sender, POOL(HARTS), ARGS((wire *, to)), VARS(wire_send_future send; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(wire_send(&self->send, self->to, self->i));
        }
        em_semaphore_release(&done, 1);
    }
}

TASK(receiver, POOL(HARTS), ARGS((wire *, from)), VARS(wire_receive_future receive; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(wire_receive(&self->receive, self->from));
            EM_ASSERT(self->receive.out == self->i);
        }
        em_semaphore_release(&done, 1);
    }
}

/* ------------------------------------------------------------------------------------------------- */

static void start(unsigned h)
{
    em_spawner here = em_spawner_hart(h);
    em_spawner next = em_spawner_hart((h + 1) % HARTS);

    em_must_spawn(here, watcher(&watches[h]));
    em_must_spawn(next, waking(&watches[h]));
    em_must_spawn(here, inviting());
    em_must_spawn(here, letting());
    em_must_spawn(here, sender(&wires[h]));
    em_must_spawn(next, receiver(&wires[h]));
}

static bool all_is_seen(void)
{
    for (unsigned h = 0; h < HARTS; h++) {
        if (em_atomic_load(&watches[h].seen) != (int32_t)ROUNDS) {
            return false;
        }
    }
    return em_atomic_load(&guests_came) == (int32_t)(HARTS * ROUNDS);
}

MAIN(VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        EM_ASSERT(em_hart_count() == HARTS);
        for (unsigned h = 0; h < HARTS; h++) {
            start(h);
        }
        AWAIT(em_semaphore_acquire(&self->acquire, &done, HARTS * KINDS));
        while (!all_is_seen()) {
            YIELD(); /* what was not is lost, and this does not end */
        }
        EM_ASSERT(em_atomic_load(&lodgers_came) == em_atomic_load(&lodgers_left));
        for (unsigned h = 0; h < HARTS; h++) {
            EM_ASSERT((uint32_t)watches[h].polls <= ROUNDS + 1);
        }
        em_print("%u harts, %u rounds: each wake seen, each guest came, each lodger left, each message in order\n",
                 HARTS, ROUNDS);
        em_board_exit(0);
    }
}

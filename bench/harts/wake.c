/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What it costs to wake a task of another hart: one that sleeps, one that is busy, and one's own.
 *
 * With -icount harts take turns, so instructions are counted where they are made: those of the waker, by itself, and
 * those of all from the wake to the task, while the waker goes straight to sleep. Without -icount: round trips by the
 * clock.
 */
#include <em/async.h>
#include <em/board.h>

enum { ROUNDS = 1000, TRIPS = 20000 };

static em_waker partner, own;
static em_signal there, back;
static uint64_t begin, woken_after, at_waker;
static int32_t polls;
static int32_t busy = 1;

static uint64_t instructions(void)
{
    uint64_t n;
    __asm__ volatile("csrr %0, cycle" : "=r"(n));
    return n;
}

static em_poll note(void *arg, em_context *cx)
{
    woken_after += instructions() - begin;
    *(em_waker *)arg = em_context_waker(cx);
    em_atomic_add(&polls, 1);
    return EM_PENDING;
}

TASK(woken, POOL(2), ARGS((em_waker *, waker)), VARS(em_poll_fn fn))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->fn, note, self->waker));
    }
}

TASK(keeps_busy)
{
    ASYNC {
        while (em_atomic_load(&busy)) {
            YIELD();
        }
    }
}

TASK(echo, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &there));
            em_signal_set(&back);
        }
    }
}

static void wake_once(em_waker waker)
{
    begin = instructions();
    em_wake(waker);
    at_waker += instructions() - begin;
}

static void start(void)
{
    at_waker = 0;
    woken_after = 0;
}

static void say(const char *what, bool with_total)
{
    em_print("%-28s %5u %5u\n", what, (unsigned)(at_waker / ROUNDS), with_total ? (unsigned)(woken_after / ROUNDS) : 0);
}

MAIN(VARS(unsigned i; em_timer timer; em_signal_wait_future wait; em_instant since))
{
    ASYNC {
        em_must_spawn(em_spawner_hart(0), woken(&own));
        em_must_spawn(em_spawner_hart(1), woken(&partner));
        em_must_spawn(em_spawner_hart(1), echo());
        while (em_atomic_load(&polls) < 2) {
            AWAIT(em_timer_after(&self->timer, em_ms(1)));
        }

        start();
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            wake_once(own);
            YIELD();
        }
        say("own hart", true);

        start();
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            wake_once(partner);
            AWAIT(em_timer_after(&self->timer, em_us(100)));
        }
        say("another hart, asleep", true);

        self->since = em_now();
        for (self->i = 0; self->i < TRIPS; self->i++) {
            em_signal_set(&there);
            AWAIT(em_signal_wait(&self->wait, &back));
        }
        em_print("%-28s %5u ns\n", "round trip, asleep",
                 (unsigned)(em_duration_as_us(em_instant_elapsed(self->since)) * 1000 / TRIPS));

        em_must_spawn(em_spawner_hart(1), keeps_busy());
        AWAIT(em_timer_after(&self->timer, em_ms(1)));
        start();
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            wake_once(partner);
            AWAIT(em_timer_after(&self->timer, em_us(100)));
        }
        say("another hart, busy", false);
        em_atomic_store(&busy, 0);
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A task for each state and each kind of thing to wait for. They are dumped twice: by MAIN, all at once, then by the
 * monitor when a key is pressed, which the tasks there must not show. test_dump.py compares with chains.txt.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/dump.h>
#include <em/monitor.h>
#include <em/select_fair.h>
#include <em/try_join.h>

EM_CHANNEL_TYPE(letters, char, 1);
EM_SIGNAL_TYPE(setpoint, int);
EM_MUTEX_TYPE(ledger, int);
static letters full, empty;
static setpoint wanted;
static ledger book;
static em_mutex door;
static em_semaphore permits;
static em_event_flags flags;

/* -- by one future ---------------------------------------------------------------------------------- */

TASK(sender, POOL(3), ARGS((char, c)), VARS(letters_send_future tx))
{
    ASYNC {
        AWAIT(letters_send(&self->tx, &full, self->c));
        AWAIT(letters_send(&self->tx, &full, self->c));
    }
}

TASK(locker, POOL(2), VARS(em_mutex_lock_future lock; ledger_lock_future entry; em_timer t))
{
    ASYNC {
        AWAIT(em_mutex_lock(&self->lock, &door)); /* the first one has it, and waits for the next line */
        AWAIT(ledger_lock(&self->entry, &book));
    }
}

TASK(acquirer, VARS(em_semaphore_acquire_future a))
{
    ASYNC {
        AWAIT(em_semaphore_acquire(&self->a, &permits, 2));
    }
}

TASK(flagged, VARS(em_event_flags_wait_future w))
{
    ASYNC {
        AWAIT(em_event_flags_wait_any(&self->w, &flags, 6));
    }
}

TASK(ticking, VARS(em_ticker ticker; em_ticker_wait w))
{
    ASYNC {
        em_ticker_init(&self->ticker, em_secs(900), EM_TICKER_SKIP);
        AWAIT(em_ticker_next(&self->w, &self->ticker));
    }
}

TASK(waiter, ARGS((em_task_handle, whom)), VARS(em_task_join w))
{
    ASYNC {
        AWAIT(em_task_wait(&self->w, self->whom));
    }
}

/* -- by several ------------------------------------------------------------------------------------- */

static int asking; /* of the four that ask */

static em_select2 *answer(em_select2 *s, letters_receive_future *rx, setpoint_wait_future *change)
{
    return SELECT(s, letters_receive(rx, &empty), setpoint_wait(change, &wanted));
}

ASYNC_FN(int, ask, ARGS((em_duration, limit)),
         VARS(em_timeout to; em_select2 sel; letters_receive_future rx; setpoint_wait_future change; em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_us(1)));
        asking++;
        AWAIT(WITH_TIMEOUT(&self->to, self->limit, answer(&self->sel, &self->rx, &self->change)));
        RETURN(0);
    }
}

ASYNC_FN(int, ask_twice, VARS(struct ask inner))
{
    ASYNC_TRY {
        AWAIT(ask(&self->inner, em_secs(800)));
        RETURN(0);
    }
    FINALLY {
    }
}

TASK(asker, VARS(struct ask_twice outer))
{
    ASYNC {
        AWAIT(ask_twice(&self->outer));
    }
}

static em_select_fair2 *later(em_select_fair2 *s, em_timer *a, em_timer *b)
{
    return SELECT_FAIR(s, em_timer_after(a, em_secs(700)), em_timer_after(b, em_secs(701)));
}

TASK(joiner, VARS(em_join3 join; em_timer soon; struct ask_twice ask; em_select_fair2 fair; em_timer a; em_timer b))
{
    ASYNC {
        em_timer_after(&self->soon, em_us(1));
        AWAIT(JOIN(&self->join, &self->soon, ask_twice(&self->ask), later(&self->fair, &self->a, &self->b)));
    }
}

TASK(all_or_none, VARS(em_try_join2 join; struct ask_twice one; struct ask two))
{
    ASYNC {
        AWAIT(TRY_JOIN(&self->join, ask_twice(&self->one), ask(&self->two, em_secs(600))));
    }
}

/* -- by a future of one's own: its node is where those of sync/ have it, or it has none ---------------- */

struct own_wait {
    em_future future;
    uint64_t words[4];
};

static em_poll own_poll(em_future *f, em_context *cx)
{
    (void)f, (void)cx;
    return EM_PENDING;
}

static const em_future_ops own_ops = {.poll = own_poll, .name = "own_wait"};

TASK(own, VARS(struct own_wait w))
{
    ASYNC {
        for (int i = 0; i < 4; i++)
            self->w.words[i] = 0x5151515151515151u;
        self->w.future.ops = &own_ops;
        AWAIT(&self->w);
    }
}

/* -- states ------------------------------------------------------------------------------------------- */

static bool dumped;

TASK(yielding)
{
    ASYNC {
        while (!dumped)
            YIELD();
    }
}

TASK(forever, POOL(4), VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_at(&self->t, EM_INSTANT_MAX));
    }
}

TASK(never_spawned)
{
    ASYNC {
    }
}

MAIN(VARS(em_timer t; int turns; em_task_handle doomed; em_spawn_token token; em_mutex_lock_future lock;
          ledger_lock_future entry))
{
    ASYNC {
        AWAIT(em_mutex_lock(&self->lock, &door));
        AWAIT(ledger_lock(&self->entry, &book));
        em_must_spawn(self->spawner, sender('a'));
        em_must_spawn(self->spawner, sender('b'));
        em_must_spawn(self->spawner, locker());
        em_must_spawn(self->spawner, locker());
        em_must_spawn(self->spawner, acquirer());
        em_must_spawn(self->spawner, flagged());
        em_must_spawn(self->spawner, ticking());
        em_must_spawn(self->spawner, asker());
        em_must_spawn(self->spawner, joiner());
        em_must_spawn(self->spawner, all_or_none());
        em_must_spawn(self->spawner, own());
        em_must_spawn(self->spawner, yielding());
        {
            int err = em_spawn_handle(self->spawner, forever(), &self->doomed);
            EM_ASSERT(err == EM_OK);
        }
        em_must_spawn(self->spawner, waiter(self->doomed));
        em_mutex_unlock(&door);
        AWAIT(em_timer_after(&self->t, em_ms(20)));
        while (asking < 4) /* on a slow machine */
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        while (self->turns++ < 2) /* so that all whose time is over have had a turn */
            YIELD();

        em_must_spawn(self->spawner, em_monitor(em_board_console()));
        em_must_spawn(self->spawner, forever());
        self->token = forever();
        em_task_cancel(self->doomed);
        em_dump_tasks();
        dumped = true;
        AWAIT(em_timer_at(&self->t, EM_INSTANT_MAX));
    }
}

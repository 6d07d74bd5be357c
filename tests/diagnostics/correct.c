/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What is allowed, though it looks much like the mistakes. */
#include <em/async.h>
#include <em/board.h>

static em_executor other; /* polled by MAIN */
static em_timer handed_on;
static em_timer left_over;
static em_signal taken;
static em_signal never;
static em_signal go;
static em_task_handle worker_handle;

/* Futures that go on waiting while their task awaits others, are awaited one by one, and constructed anew when done. */
TASK(collector, VARS(em_first first; em_future *arms[2]; em_timer a; em_timer b; em_timer c; unsigned round))
{
    ASYNC {
        for (self->round = 0; self->round < 3; self->round++) {
            self->arms[0] = &em_timer_after(&self->a, em_ms(1))->future;
            self->arms[1] = &em_timer_after(&self->b, em_ms(8))->future;
            AWAIT(em_first_array(&self->first, self->arms, 2));
            AWAIT(em_timer_after(&self->c, em_ms(1)));
            AWAIT(self->first.out ? &self->a : &self->b); /* b won, where both were due */
        }
        self->arms[0] = &em_timer_after(&self->a, em_ms(1))->future;
        self->arms[1] = &em_timer_after(&self->b, em_secs(3600))->future;
        AWAIT(em_first_array(&self->first, self->arms, 2));
        em_first_drop(self->arms, 2);
        AWAIT(em_timer_after(&self->b, em_ms(1)));
    }
}

/* A timer that one task begins and gives up, and another begins anew, on another executor too. */
TASK(begins, VARS(em_timeout limit))
{
    ASYNC {
        AWAIT(WITH_TIMEOUT(&self->limit, em_ms(2), em_timer_after(&handed_on, em_secs(3600))));
    }
}

TASK(elsewhere)
{
    ASYNC {
        AWAIT(em_timer_after(&handed_on, em_secs(3600)));
    }
}

/* Of no future the first: until it is cancelled. */
TASK(for_ever, VARS(em_join2 both; em_select none; em_select_fair2 fair))
{
    ASYNC {
        AWAIT(JOIN(&self->both, em_select_array(&self->none, NULL, 0),
                   em_select_fair_array(&self->fair.base, self->fair.arm, 0)));
    }
}

/* A timer that its first task no longer polls when the second one awaits it. */
TASK(leaves, VARS(em_first first; em_future *arms[2]; em_timer t))
{
    ASYNC {
        self->arms[0] = &em_timer_after(&self->t, em_ms(1))->future;
        self->arms[1] = &em_timer_after(&left_over, em_ms(10))->future;
        AWAIT(em_first_array(&self->first, self->arms, 2));
        AWAIT(em_timer_after(&self->t, em_ms(30)));
    }
}

TASK(takes, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(5)));
        AWAIT(&left_over);
        em_signal_set(&taken);
    }
}

/* Cancelled while it waits in every way. */
TASK(waits, VARS(em_join3 all; em_timer t; em_signal_wait_future s; em_task_join j; em_timeout limit))
{
    ASYNC {
        AWAIT(JOIN(&self->all, em_timer_after(&self->t, em_secs(3600)), em_task_wait(&self->j, worker_handle),
                   WITH_TIMEOUT(&self->limit, em_secs(3600), em_signal_wait(&self->s, &never))));
    }
}

TASK(worker, POOL(2), VARS(em_signal_wait_future s))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->s, &go));
        YIELD();
        em_signal_set(&go);
    }
}

ASYNC_FN(int, gives, ARGS((int, n)), VARS(em_yield y))
{
    ASYNC_TRY {
        AWAIT(em_yield_now(&self->y));
        if (self->n > 1)
            RETURN(self->n);
        RETURN(-1);
    } FINALLY {
        em_signal_reset(&never);
    }
}

ASYNC_FN(int, tries, VARS(struct gives g))
{
    ASYNC {
        AWAIT_TRY(gives(&self->g, 1));
        RETURN(0);
    }
}

/* More waits than the books have lines: two of each, of which the second is polled again. */
TASK(crowd, POOL(64 + 64 * EM_CFG_MAX_HARTS), VARS(em_join2 both; em_timer a; em_timer b))
{
    ASYNC {
        AWAIT(JOIN(&self->both, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2))));
    }
}

MAIN(VARS(em_task_handle first; em_task_handle second; em_task_join j[2]; em_join2 both; em_timer t; struct gives g;
          struct tries tr; em_signal_wait_future s; int i))
{
    ASYNC {
        EM_ASSERT(em_spawn_handle(self->spawner, worker(), &worker_handle) == EM_OK);
        EM_ASSERT(em_spawn_handle(self->spawner, waits(), &self->first) == EM_OK);
        em_must_spawn(self->spawner, collector());
        em_must_spawn(self->spawner, begins());
        em_must_spawn(self->spawner, for_ever());
        em_must_spawn(self->spawner, leaves());
        em_must_spawn(self->spawner, takes());
        AWAIT(em_timer_after(&self->t, em_ms(40)));
        AWAIT(em_signal_wait(&self->s, &taken));
        em_must_spawn((em_spawner){&other}, elsewhere());
        em_executor_poll(&other);
        em_task_cancel(self->first);
        AWAIT(em_task_wait(&self->j[0], self->first));
        EM_ASSERT(em_spawn_handle(self->spawner, worker(), &self->second) == EM_OK);
        em_signal_set(&go);
        AWAIT(JOIN(&self->both, em_task_wait(&self->j[0], worker_handle), em_task_wait(&self->j[1], self->second)));
        EM_ASSERT(em_spawn_handle(self->spawner, worker(), &self->second) == EM_OK); /* the slot again */
        AWAIT(em_task_wait(&self->j[0], self->second));
        AWAIT(gives(&self->g, 2));
        EM_ASSERT(self->g.out == 2);
        AWAIT(tries(&self->tr));
        EM_ASSERT(self->tr.out == -1);
        for (self->i = 0; self->i < 64 + 64 * EM_CFG_MAX_HARTS; self->i++)
            EM_ASSERT(em_spawn_handle(self->spawner, crowd(), &self->second) == EM_OK);
        AWAIT(em_task_wait(&self->j[0], self->second));
        em_print("nothing was said\n");
        em_board_exit(0);
    }
}

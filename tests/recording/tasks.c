/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One of each: spawn, wake, wake again, yield, async function, timer, cancel, join, marks; then its recording. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/recording.h>

static em_signal go;

ASYNC_FN(int, twice, ARGS((int, n)), VARS(em_signal_wait_future w))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->w, &go));
        RETURN(2 * self->n);
    }
}

TASK(waiter, VARS(struct twice f))
{
    ASYNC {
        int n;
        em_trace_begin("waiting");
        AWAIT_INTO(n, twice(&self->f, 21));
        em_trace_mark("answer", n);
        em_trace_end("waiting");
    }
}

TASK(sleeper, POOL(2), ARGS((unsigned, ms)), VARS(em_timer t))
{
    ASYNC_TRY {
        AWAIT(em_timer_after(&self->t, em_ms(self->ms)));
    } FINALLY {
        em_trace_mark("over", CANCELLED);
    }
}

MAIN(VARS(em_task_handle long_one; em_timer t; em_task_join join))
{
    ASYNC {
        em_must_spawn(self->spawner, waiter());
        em_must_spawn(self->spawner, sleeper(5));
        if (em_spawn_handle(self->spawner, sleeper(5000), &self->long_one) != EM_OK)
            em_board_exit(1);
        YIELD();
        em_signal_set(&go);
        YIELD();
        AWAIT(em_timer_after(&self->t, em_ms(20)));
        em_task_cancel(self->long_one);
        em_task_cancel(self->long_one);
        AWAIT(em_task_wait(&self->join, self->long_one));
        em_trace_print();
        em_board_exit(0);
    }
}

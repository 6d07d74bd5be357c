/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Marks and a log, in tasks, and the recording on the console at the end. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/recording.h>

#define EM_LOG_MODULE "marked"
#include <em/log.h>

static void step(unsigned n)
{
    em_trace_mark("step", n);
    em_log_info("step %u of %s", n, "two");
}

TASK(worker, VARS(em_timer t))
{
    ASYNC {
        em_trace_begin("work");
        step(1);
        AWAIT(em_timer_after(&self->t, em_ms(5)));
        step(2);
        em_trace_end("work");
    }
}

MAIN(VARS(em_task_handle h; em_task_join end))
{
    ASYNC {
        if (em_spawn_handle(self->spawner, worker(), &self->h) != EM_OK)
            em_board_exit(1);
        AWAIT(em_task_wait(&self->end, self->h));
        em_trace_stop(); /* and no start: what the print brings about differs */
        em_trace_print();
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The recording over the console: something, nothing for long, more than can be sent, and the rest. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/trace_stream.h>

static void count(unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        em_trace_mark("n", i);
    }
}

MAIN(VARS(em_timer t))
{
    ASYNC {
        em_must_spawn(self->spawner, em_trace_stream(em_board_console()));
        count(0, 100);
        AWAIT(em_timer_after(&self->t, em_ms(1000)));
        em_trace_mark("quiet", 0);
        AWAIT(em_timer_after(&self->t, em_ms(2000)));
        em_trace_mark("burst", 0);
        AWAIT(em_timer_after(&self->t, em_ms(100)));
        count(100, 5100);
        AWAIT(em_timer_after(&self->t, em_ms(1000)));
        em_trace_mark("over", 0);
        em_trace_stream_rest(em_board_console());
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'em_timer' has no member named 'out' */
/* clang: no member named 'out' in 'em_timer' */
#include <em/async.h>

static em_pipe pipe;

TASK(blink, VARS(em_pipe_read_future a; em_timer t; em_timeout to; char c; em_try_join2 join))
{
    ASYNC {
#ifdef FIXED
        AWAIT(TRY_JOIN(&self->join, em_pipe_read(&self->a, &pipe, &self->c, 1),
                       WITH_TIMEOUT(&self->to, em_ms(5), em_timer_after(&self->t, em_ms(9)))));
#else
        AWAIT(TRY_JOIN(&self->join, em_pipe_read(&self->a, &pipe, &self->c, 1), /* here */
                       em_timer_after(&self->t, em_ms(1))));
#endif
    }
}

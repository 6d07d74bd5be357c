/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TRY_JOIN: the number of futures is not that of its storage */
/* clang: TRY_JOIN: the number of futures is not that of its storage */
#include <em/async.h>

static em_pipe pipe;

TASK(blink, VARS(em_pipe_read_future a; em_pipe_read_future b; char c; em_try_join2 join))
{
    ASYNC {
#ifdef FIXED
        AWAIT(TRY_JOIN(&self->join, em_pipe_read(&self->a, &pipe, &self->c, 1),
                       em_pipe_read(&self->b, &pipe, &self->c, 1)));
#else
        AWAIT(TRY_JOIN(&self->join, em_pipe_read(&self->a, &pipe, &self->c, 1))); /* here */
#endif
    }
}

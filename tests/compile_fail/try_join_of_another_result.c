/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: invalid operands to binary \* .*'struct TRY_JOIN_needs_results_of_type_int \*' */
/* clang: invalid operands to binary expression .*'struct TRY_JOIN_needs_results_of_type_int \*' */
#include <em/async.h>

static em_pipe pipe;
static __attribute__((unused)) em_semaphore semaphore;

TASK(blink, VARS(em_pipe_read_future a; em_pipe_write_future b; em_semaphore_acquire_future s; char c;
                 em_try_join2 join))
{
    ASYNC {
#ifdef FIXED
        AWAIT(TRY_JOIN(&self->join, em_pipe_read(&self->a, &pipe, &self->c, 1),
                       em_pipe_write(&self->b, &pipe, "x", 1)));
#else
        AWAIT(TRY_JOIN(&self->join, em_pipe_read(&self->a, &pipe, &self->c, 1), /* here */
                       em_semaphore_acquire(&self->s, &semaphore, 1)));
#endif
    }
}

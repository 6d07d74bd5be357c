/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: async functions with arguments and results, AWAIT_TRY, and ASYNC_TRY with FINALLY.
 *
 * A caller holds the frame of what it calls in its own VARS, so the RAM of a task is known when it is
 * built. A negative result leaves the function through AWAIT_TRY, and FINALLY runs on every way out.
 */
#include <em/async.h>
#include <em/board.h>

ASYNC_FN(int, read_sensor, ARGS((unsigned, channel)), VARS(em_timer settle))
{
    ASYNC {
        if (self->channel > 3)
            RETURN(EM_ERR_INVAL);
        AWAIT(em_timer_after(&self->settle, em_us(500)));
        RETURN((int)self->channel * 100 + 7);
    }
}

ASYNC_FN(int, sum_of_two, ARGS((unsigned, a), (unsigned, b)), VARS(struct read_sensor sensor; int first))
{
    ASYNC_TRY {
        em_print("power on\n");
        AWAIT_TRY(read_sensor(&self->sensor, self->a));
        self->first = self->sensor.out;
        AWAIT_TRY(read_sensor(&self->sensor, self->b));
        RETURN(self->first + self->sensor.out);
    }
    FINALLY {
        em_print("power off\n");
    }
}

MAIN(VARS(struct sum_of_two sum))
{
    ASYNC {
        int r;
        AWAIT_INTO(r, sum_of_two(&self->sum, 1, 3));
        em_print("sum %d\n", r);
        AWAIT_INTO(r, sum_of_two(&self->sum, 2, 9));
        em_print("sum %s\n", em_error_name(r));
        em_board_exit(0);
    }
}

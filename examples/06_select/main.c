/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: SELECT, the first of several futures; WITH_TIMEOUT; JOIN, all of several; a signal.
 *
 * The losers of a SELECT and what ran out of time are dropped at once, and leave nothing behind.
 */
#include <em/async.h>
#include <em/board.h>

EM_SIGNAL_TYPE(setpoint, int);
static setpoint wanted;

TASK(operator, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(30)));
        setpoint_set(&wanted, 42);
        AWAIT(em_timer_after(&self->t, em_ms(60)));
        setpoint_set(&wanted, 43);
    }
}

MAIN(VARS(em_select2 sel; em_timeout limit; em_join2 both; em_timer tick; em_timer tock; setpoint_wait_future change;
          int ticks))
{
    ASYNC {
        em_must_spawn(self->spawner, operator());
        for (;;) {
            AWAIT(SELECT(&self->sel, setpoint_wait(&self->change, &wanted), em_timer_after(&self->tick, em_ms(20))));
            if (WON(self->sel, self->change))
                break;
            em_print("tick %d\n", ++self->ticks);
        }
        em_print("setpoint %d\n", self->change.out);

        int r;
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_ms(10), setpoint_wait(&self->change, &wanted)));
        em_print("in 10 ms: %s\n", em_error_name(r));
        AWAIT_INTO(r, WITH_TIMEOUT(&self->limit, em_secs(10), setpoint_wait(&self->change, &wanted)));
        em_print("in 10 s: %s, setpoint %d\n", em_error_name(r), self->change.out);

        AWAIT(JOIN(&self->both, em_timer_after(&self->tick, em_ms(5)), em_timer_after(&self->tock, em_ms(9))));
        em_print("both timers are done\n");
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A second passes, and nothing happens in it. parked.py counts who runs meanwhile. */
#include <em/async.h>
#include <em/board.h>

MAIN(VARS(em_timer timer))
{
    ASYNC {
        AWAIT(em_timer_after(&self->timer, em_secs(1)));
        em_print("%u harts\n", em_hart_count());
        em_board_exit(0);
    }
}

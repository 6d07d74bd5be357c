/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two tasks in two files of an application that has Emissary as a subproject.
 *
 * Flow: count.c -> counts (count.h) -> here
 */
#include "count.h"

#include <em/board.h>

static counts inbox;

MAIN(VARS(counts_receive_future rx; int sum; int n))
{
    ASYNC {
        em_must_spawn(self->spawner, count(&inbox, 4));
        for (self->n = 0; self->n < 4; self->n++) {
            int value;
            AWAIT_INTO(value, counts_receive(&self->rx, &inbox));
            self->sum += value;
        }
        em_print("counted to %d\n", self->sum);
        em_board_exit(self->sum == 10 ? 0 : 1);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Each object of sync/ between two harts: the tasks of tests/tsan on harts 0 and 1, and what they wait for, and the
 * sums at the end, on a third. Its interrupts, and its wakes, are those of another hart.
 *
 * run: --smp 3
 * expect: all sums are right
 */
#include "../tsan/objects.h"

#include <em/async.h>
#include <em/board.h>

/* Waits as no task should: it has the hart to itself. */
TASK(conductor)
{
    ASYNC {
        for (unsigned i = 0; i < 20000; i++) {
            objects_event();
            broadcast_event();
        }
        objects_finish();
        channels_finish();
        waits_finish();
        streams_finish();
        broadcast_finish();
        objects_check();
        channels_check();
        waits_check();
        streams_check();
        broadcast_check();
        em_print("all sums are right\n");
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        objects_start();
        channels_start();
        waits_start();
        streams_start();
        broadcast_start();
        em_must_spawn(em_spawner_hart(2), conductor());
    }
}

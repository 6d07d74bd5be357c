/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The recording by a key. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/monitor.h>

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, em_monitor(em_board_console()));
        em_trace_mark("ready", 1);
        em_print("ready\n");
    }
}

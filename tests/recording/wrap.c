/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* More than a ring holds, and what is recorded while it is stopped. */
#include <em/async.h>
#include <em/board.h>
#include <em/mark.h>
#include <em/recording.h>

static void count(unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        em_trace_mark("n", i);
    }
}

MAIN()
{
    ASYNC {
        count(0, 3000);
        em_trace_print();
        em_trace_stop();
        em_trace_stop();
        count(3000, 4000);
        em_trace_start();
        count(4000, 5000);
        em_trace_start();
        count(5000, 5500);
        em_trace_print();
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * More than the ring keeps: nobody waits, the newest stay, what is lost is counted. Lines of different lengths.
 */
#define EM_LOG_MODULE "flood"

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>
#include <em/trace_stream.h>

#ifndef STREAMS
#define STREAMS 0
#endif
#define LINES 3000

MAIN()
{
    ASYNC {
        for (int i = 0; i < LINES; i++) {
            switch (i % 3) {
            case 0:
                em_log_info("line %d", i);
                break;
            case 1:
                em_log_warn("line %d of %d", i, LINES);
                break;
            default:
                em_log_error("line %d: %d %d %d %d %d", i, i + 1, i + 2, i + 3, i + 4, i + 5);
            }
        }
        em_log_info("over");
        if (STREAMS)
            em_trace_stream_rest(em_board_console());
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The log over the console, while tasks and an echo print there: what is log, and what is text?
 */
#define EM_LOG_MODULE "net"

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>
#include <em/trace_stream.h>

#define LINES 200

TASK(talker, VARS(em_timer t; int i))
{
    ASYNC {
        for (self->i = 0; self->i < LINES; self->i++) {
            em_log_info("line %d", self->i);
            em_print("%s%d", self->i % 8 ? " " : "\n", self->i);
            if (self->i % 3 == 0)
                em_log_debug("%d of %d, %s", self->i, LINES, "and so on");
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
    }
}

MAIN(VARS(em_uart_read_future rd; em_uart_write_future wr; char key))
{
    ASYNC {
        em_log_info("begin");
        em_must_spawn(self->spawner, em_trace_stream(em_board_console()));
        em_must_spawn(self->spawner, talker());
        do {
            AWAIT(em_uart_read(&self->rd, em_board_console(), &self->key, 1));
            AWAIT(em_uart_write(&self->wr, em_board_console(), &self->key, 1));
        } while (self->key != 'q');
        em_print("\ndone\n");
        em_log_warn("end");
        em_trace_stream_rest(em_board_console());
        em_board_exit(0);
    }
}

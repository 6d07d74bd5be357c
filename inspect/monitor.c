/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The monitor: from a key to a dump of tasks, or, with the option `trace`, to the recording; a line at a time.
 *
 * Flow: em_uart_read -> here -> em_dump_line, em_trace_text_line -> em_uart_write
 */
#include <em/async.h>
#include <em/dump.h>
#include <em/monitor.h>

#if EM_CFG_TRACE
#include <em/recording.h>

/* The rings stand still meanwhile: what the lines themselves bring about would be recorded over them. */
ASYNC_FN(void, say_recording, ARGS((em_uart *, uart)),
         VARS(em_uart_write_future wr; em_trace_text at; size_t length; char line[EM_TRACE_LINE_MAX]))
{
    ASYNC_TRY {
        em_trace_stop();
        em_trace_text_begin(&self->at);
        while ((self->length = em_trace_text_line(&self->at, self->line)) > 0) {
            self->line[self->length] = '\n';
            AWAIT(em_uart_write(&self->wr, self->uart, self->line, self->length + 1));
        }
    } FINALLY {
        em_trace_start();
    }
}
#define RECORDING(member) , struct say_recording member
#else
#define RECORDING(member)
#endif

TASK(em_monitor, ARGS((em_uart *, uart)),
     VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr RECORDING(recording)); em_dump dump; size_t length;
          char key; char line[EM_DUMP_LINE_MAX]))
{
    ASYNC {
        for (;;) {
            int n;
            AWAIT_INTO(n, em_uart_read(&self->rd, self->uart, &self->key, 1));
            if (n < 0)
                continue;
#if EM_CFG_TRACE
            if (self->key == EM_MONITOR_RECORDING) {
                AWAIT(say_recording(&self->recording, self->uart));
                continue;
            }
#endif
            if (self->key != EM_MONITOR_TASKS)
                continue;
            em_dump_begin(&self->dump);
            while ((self->length = em_dump_line(&self->dump, self->line, sizeof self->line - 1)) > 0) {
                self->line[self->length] = '\n';
                AWAIT(em_uart_write(&self->wr, self->uart, self->line, self->length + 1));
            }
        }
    }
}

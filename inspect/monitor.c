/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The monitor: from a key to a dump, a line at a time.
 *
 * Flow: em_uart_read -> here -> em_dump_line -> em_uart_write
 */
#include <em/async.h>
#include <em/dump.h>
#include <em/monitor.h>

TASK(em_monitor, ARGS((em_uart *, uart)),
     VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr); em_dump dump; size_t length; char key;
          char line[EM_DUMP_LINE_MAX]))
{
    ASYNC {
        for (;;) {
            int n;
            AWAIT_INTO(n, em_uart_read(&self->rd, self->uart, &self->key, 1));
            if (n < 0 || self->key != EM_MONITOR_TASKS)
                continue;
            em_dump_begin(&self->dump);
            while ((self->length = em_dump_line(&self->dump, self->line, sizeof self->line - 1)) > 0) {
                self->line[self->length] = '\n';
                AWAIT(em_uart_write(&self->wr, self->uart, self->line, self->length + 1));
            }
        }
    }
}

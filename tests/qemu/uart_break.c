/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the reader is told of a break on the line: uart_break.py types and breaks. A 'q' ends it. */
#include <em/async.h>
#include <em/uart.h>

TASK(reader, VARS(em_uart_read_future rd; uint8_t byte))
{
    ASYNC {
        em_print("ready\n");
        do {
            int n;
            AWAIT_INTO(n, em_uart_read(&self->rd, em_board_console(), &self->byte, 1));
            if (n > 0) {
                em_print("byte %c\n", self->byte);
            } else {
                em_print("%s, event %u\n", em_error_name(n), self->rd.error);
            }
        } while (self->byte != 'q');
        em_print("breaks %u\n", (unsigned)em_uart_get_counters(em_board_console()).breaks);
        em_board_exit(7);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, reader());
    }
}

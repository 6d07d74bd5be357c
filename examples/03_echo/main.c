/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: the console UART, AWAIT_INTO, which takes a result, and ONE_OF, which shares storage
 * between awaits that never overlap.
 *
 * What you type comes back in upper case, a line at a time is not needed. Ctrl-D ends it.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>

enum { CTRL_D = 0x04 };

/* Make what stands before a Ctrl-D upper case; returns its length. */
static int to_upper(char *bytes, int n)
{
    for (int i = 0; i < n; i++) {
        if (bytes[i] == CTRL_D)
            return i;
        if (bytes[i] >= 'a' && bytes[i] <= 'z')
            bytes[i] = (char)(bytes[i] - 'a' + 'A');
    }
    return n;
}

MAIN(VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr); char bytes[32]; unsigned total; bool end))
{
    ASYNC {
        em_print("type something, Ctrl-D ends\n");
        while (!self->end) {
            int n, length;
            AWAIT_INTO(n, em_uart_read(&self->rd, em_board_console(), self->bytes, sizeof self->bytes));
            if (n < 0) {
                em_print("the line reports %s\n", em_error_name(n));
                continue;
            }
            length = to_upper(self->bytes, n);
            self->end = length < n;
            self->total += (unsigned)length;
            AWAIT(em_uart_write(&self->wr, em_board_console(), self->bytes, (size_t)length));
        }
        em_print("\n%u bytes\n", self->total);
        em_board_exit(0);
    }
}

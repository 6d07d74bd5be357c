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

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

MAIN(VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr); char bytes[32]; unsigned total; bool end))
{
    ASYNC {
        em_print("type something, Ctrl-D ends\n");
        while (!self->end) {
            int n;
            AWAIT_INTO(n, em_uart_read(&self->rd, em_board_console(), self->bytes, sizeof self->bytes));
            if (n < 0) {
                em_print("the line reports %s\n", em_error_name(n));
                continue;
            }
            int length = 0;
            while (length < n && self->bytes[length] != CTRL_D) {
                self->bytes[length] = upper(self->bytes[length]);
                length++;
            }
            self->end = length < n;
            self->total += (unsigned)length;
            AWAIT(em_uart_write(&self->wr, em_board_console(), self->bytes, (size_t)length));
        }
        em_print("\n%u bytes\n", self->total);
        em_board_exit(0);
    }
}

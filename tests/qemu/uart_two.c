/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two UARTs of the same kind, the console and a PCI card, each echoed by a task of its own; uart_two.py
 * talks to both. The card's port is written to before anything was received, after a long idle.
 */
#include "card.h"

#include <em/async.h>

TASK(echo, POOL(2), ARGS((em_uart *, uart)),
     VARS(ONE_OF(em_uart_read_future rd, em_uart_write_future wr); uint8_t buf[64]))
{
    ASYNC {
        for (;;) {
            int n;
            AWAIT_INTO(n, em_uart_read(&self->rd, self->uart, self->buf, sizeof self->buf));
            EM_ASSERT(n > 0);
            if (self->buf[0] == 0x04) {
                em_board_exit(7);
            }
            AWAIT(em_uart_write(&self->wr, self->uart, self->buf, (size_t)n));
        }
    }
}

MAIN(VARS(em_timer t; em_uart_write_future wr; em_uart *port))
{
    ASYNC {
        self->port = card_start();
        em_must_spawn(self->spawner, echo(em_board_console()));
        em_must_spawn(self->spawner, echo(self->port));
        em_print("ready\n");
        AWAIT(em_timer_after(&self->t, em_ms(100)));
        AWAIT(em_uart_write(&self->wr, self->port, "card\n", 5));
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a UART sends comes back to it: 42 rounds of writing and reading at the same time, each with another
 * length and another pattern. The reader comes first, so it waits; then the writer.
 */
#pragma once

#include <em/async.h>
#include <em/uart.h>
#include <string.h>

enum { ROUNDS = 42, LONGEST = 48 }; /* three times what the hardware buffers */

ASYNC_FN(int, read_exactly, ARGS((em_uart *, uart), (uint8_t *, buf), (size_t, len)),
         VARS(em_uart_read_future rd; size_t got; int n))
{
    ASYNC {
        for (self->got = 0; self->got < self->len; self->got += (size_t)self->n) {
            AWAIT_INTO(self->n, em_uart_read(&self->rd, self->uart, self->buf + self->got, self->len - self->got));
            if (self->n < 0) {
                RETURN(self->n);
            }
        }
        RETURN((int)self->len);
    }
}

/* How many rounds were right, up to the first that was not. */
ASYNC_FN(unsigned, rounds, ARGS((em_uart *, uart)),
         VARS(unsigned done; uint8_t sent[LONGEST]; uint8_t got[LONGEST]; size_t len; struct read_exactly rx;
              em_uart_write_future tx; em_join2 join))
{
    ASYNC {
        for (self->done = 0; self->done < ROUNDS; self->done++) {
            self->len = 1 + self->done * 7 % LONGEST;
            for (size_t i = 0; i < self->len; i++) {
                self->sent[i] = (uint8_t)(self->done * 37 + i * 11);
            }
            memset(self->got, 0, sizeof self->got);
            AWAIT(JOIN(&self->join, read_exactly(&self->rx, self->uart, self->got, self->len),
                       em_uart_write(&self->tx, self->uart, self->sent, self->len)));
            if (self->rx.out != (int)self->len || self->tx.out != (int)self->len ||
                memcmp(self->got, self->sent, self->len) != 0) {
                break;
            }
        }
        RETURN(self->done);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Lines written without interrupts, between and before those of tasks that wait for room: all are there, in order. */
#include <em/async.h>
#include <em/board.h>
#include <em/uart.h>

#define LINES 100 /* more than the transmit buffer holds */
#define BYTES (LINES * 12)

static char text[3][BYTES + 1];
static em_semaphore written;

static void compose(char *at, char who)
{
    for (int i = 0; i < LINES; i++, at += 12) {
        for (int j = 0; j < 11; j++) {
            at[j] = j == 4 ? (char)('0' + i / 10) : j == 5 ? (char)('0' + i % 10) : who;
        }
        at[11] = '\n';
    }
}

TASK(writer, POOL(2), ARGS((const char *, what)), VARS(em_uart_write_future wr))
{
    ASYNC {
        AWAIT(em_uart_write(&self->wr, em_board_console(), self->what, BYTES));
        em_semaphore_release(&written, 1);
    }
}

static void write_early(void)
{
    em_irq irq = em_irq_save();
    em_uart_write_blocking(em_board_console(), text[0], BYTES);
    em_irq_restore(irq);
}

MAIN(VARS(em_semaphore_acquire_future both))
{
    ASYNC {
        for (int i = 0; i < 3; i++) {
            compose(text[i], (char)('a' + i));
        }
        write_early();
        em_must_spawn(self->spawner, writer(text[1]));
        YIELD();
        em_uart_write_blocking(em_board_console(), "between\n", 8);
        em_must_spawn(self->spawner, writer(text[2]));
        AWAIT(em_semaphore_acquire(&self->both, &written, 2));
        em_board_exit(0);
    }
}

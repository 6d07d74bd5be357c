/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * New here: two tasks and a typed channel between them, which makes the faster one wait.
 *
 * The channel is static, starts zeroed, and needs no init. A value is copied in and out.
 */
#include <em/async.h>
#include <em/board.h>

struct reading {
    unsigned number;
    int millidegrees;
};
EM_CHANNEL_TYPE(readings, struct reading, 2);
static readings queue;

TASK(sensor, ARGS((unsigned, count)), VARS(readings_send_future tx; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= self->count; self->i++) {
            AWAIT(readings_send(&self->tx, &queue, (struct reading){self->i, 20000 + (int)self->i * 125}));
            em_print("sensor: %u is in, %u free\n", self->i, readings_free(&queue));
        }
    }
}

TASK(display, ARGS((unsigned, count)), VARS(readings_receive_future rx; em_timer pause; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < self->count; self->i++) {
            AWAIT(em_timer_after(&self->pause, em_ms(20)));
            struct reading r;
            AWAIT_INTO(r, readings_receive(&self->rx, &queue));
            em_print("display: %u is %d.%03d degrees\n", r.number, r.millidegrees / 1000, r.millidegrees % 1000);
        }
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, sensor(4));
        em_must_spawn(self->spawner, display(4));
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * See what the tasks do: a monitor on the console. Whoever presses t while it runs sees each task and where it waits.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   working, t shows what at
 *   done
 */
#include <em/async.h>
#include <em/board.h>
#include <em/monitor.h>

EM_CHANNEL_TYPE(parts, int, 2);
static parts bench;

TASK(assemble, VARS(parts_receive_future rx; int count))
{
    ASYNC {
        for (;;) {
            AWAIT(parts_receive(&self->rx, &bench));
            self->count++;
        }
    }
}

MAIN(VARS(parts_send_future tx; em_timer t; int i))
{
    ASYNC {
        em_must_spawn(self->spawner, em_monitor(em_board_console()));
        em_must_spawn(self->spawner, assemble());
        em_print("working, t shows what at\n");
        for (self->i = 0; self->i < 5; self->i++) {
            AWAIT(parts_send(&self->tx, &bench, self->i));
            AWAIT(em_timer_after(&self->t, em_ms(10)));
        }
        em_print("done\n");
        em_board_exit(0);
    }
}

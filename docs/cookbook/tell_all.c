/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Everybody hears everything: each subscriber gets each message; one that is too slow is told how many it missed.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   display: 20 degrees
 *   display: 21 degrees
 *   display: 22 degrees
 *   display: 23 degrees
 *   display: 24 degrees
 *   logger: missed 2
 *   logger: 22 degrees
 *   logger: 23 degrees
 *   logger: 24 degrees
 */
#include <em/async.h>
#include <em/board.h>

EM_PUBSUB_TYPE(readings, int, 3); /* who is three behind misses the next */
static readings temperature;

TASK(sensor, VARS(em_timer t; int degrees))
{
    ASYNC {
        for (self->degrees = 20; self->degrees < 25; self->degrees++) {
            readings_publish_immediate(&temperature, self->degrees); /* an interrupt may, too; publish would wait */
            AWAIT(em_timer_after(&self->t, em_ms(10)));
        }
    }
}

TASK(display, VARS(readings_subscriber news; readings_next_message_future next))
{
    ASYNC {
        readings_subscribe(&self->news, &temperature); /* what comes from now on */
        for (;;) {
            AWAIT(readings_next_message(&self->next, &self->news));
            em_print("display: %d degrees\n", self->next.out.message);
        }
    }
}

TASK(logger, VARS(readings_subscriber news; readings_next_message_future next; em_timer flash; int kept))
{
    ASYNC {
        readings_subscribe(&self->news, &temperature);
        AWAIT(em_timer_after(&self->flash, em_ms(100)));
        while (self->kept < 3) {
            AWAIT(readings_next_message(&self->next, &self->news));
            if (self->next.out.lagged > 0) {
                em_print("logger: missed %u\n", (unsigned)self->next.out.lagged);
                continue; /* it goes on with the oldest that is there */
            }
            em_print("logger: %d degrees\n", self->next.out.message);
            self->kept++;
        }
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, display());
        em_must_spawn(self->spawner, logger());
        em_must_spawn(self->spawner, sensor());
    }
}

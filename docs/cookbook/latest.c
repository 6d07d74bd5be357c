/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Many want the latest value, and to know when it has changed: a watch. Who is slow misses values, never the last.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   valve: 10
 *   display: 10
 *   valve: 20
 *   valve: 30
 *   display: 30
 *   above 25: 30
 */
#include <em/async.h>
#include <em/board.h>

EM_WATCH_TYPE(setpoint, int);
static setpoint wanted; /* zeroed: no value yet */

TASK(follower, POOL(2), ARGS((const char *, name), (em_duration, rest)),
     VARS(setpoint_receiver mine; setpoint_changed_future changed; em_timer pause))
{
    ASYNC {
        setpoint_receiver_init(&self->mine, &wanted);
        for (;;) {
            int value;
            AWAIT_INTO(value, setpoint_changed(&self->changed, &self->mine)); /* one that it has not seen */
            em_print("%s: %d\n", self->name, value);
            AWAIT(em_timer_after(&self->pause, self->rest));
        }
    }
}

static bool is_above_25(const int *value, void *arg)
{
    (void)arg;
    return *value > 25;
}

TASK(guard, VARS(setpoint_receiver mine; setpoint_get_and_future get; em_timer late))
{
    ASYNC {
        setpoint_receiver_init(&self->mine, &wanted);
        AWAIT(em_timer_after(&self->late, em_ms(100)));
        AWAIT(setpoint_get_and(&self->get, &self->mine, is_above_25, NULL)); /* the value is there still */
        em_print("above 25: %d\n", self->get.out);
        em_board_exit(0);
    }
}

MAIN(VARS(em_timer t; int i))
{
    ASYNC {
        em_must_spawn(self->spawner, follower("valve", em_ms(1)));
        em_must_spawn(self->spawner, follower("display", em_ms(50)));
        em_must_spawn(self->spawner, guard());
        for (self->i = 10; self->i <= 30; self->i += 10) {
            setpoint_send(&wanted, self->i); /* from an interrupt, too */
            AWAIT(em_timer_after(&self->t, em_ms(15)));
        }
    }
}

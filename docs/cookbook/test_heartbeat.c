/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A unit test of the task in heartbeat.c: on the host, with the mock clock, and a port of four functions.
 *
 * boards: host
 * expect:
 *   ok: on for 100 ms of each second
 *   ok: sleeps in between
 */
#include <em/async.h>
#include <em/board.h>
#include <em/mock_clock.h>
#include <stdio.h>
#include <stdlib.h>

/* -- what stands for the machine ----------------------------------------------------------------- */

_Thread_local unsigned em_host_hart_;
_Thread_local unsigned em_host_masked_;

void em_port_pend(struct em_executor *e)
{
    (void)e; /* we poll by hand */
}

void em_port_idle(struct em_executor *e)
{
    (void)e;
}

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    printf("panic: %s, %s:%u\n", what ? what : "assertion failed", file, line);
    exit(1);
}

unsigned em_hart_count(void)
{
    return 1;
}

static bool lit;
static unsigned changes;

void em_led_set(em_led led, bool on)
{
    (void)led;
    lit = on;
    changes++;
}

/* -- the test ------------------------------------------------------------------------------------ */

em_spawn_token heartbeat(em_led led);

/* Let time pass, then run what became ready. */
static void pass(em_executor *e, em_duration d)
{
    em_mock_clock_advance(d);
    while (!em_executor_is_idle(e)) {
        em_executor_poll(e);
    }
}

int main(void)
{
    em_executor *e = em_spawner_hart(0).executor;

    em_must_spawn(em_spawner_hart(0), heartbeat(EM_LED0));
    pass(e, em_ms(0));
    for (int second = 0; second < 3; second++) {
        EM_ASSERT(lit);
        pass(e, em_ms(99));
        EM_ASSERT(lit);
        pass(e, em_ms(1));
        EM_ASSERT(!lit);
        pass(e, em_ms(899));
        EM_ASSERT(!lit);
        pass(e, em_ms(1));
    }
    puts("ok: on for 100 ms of each second");

    unsigned alarms = em_mock_clock_alarms_set();
    pass(e, em_ms(50));
    EM_ASSERT(changes == 7 && em_mock_clock_alarms_set() == alarms);
    puts("ok: sleeps in between");
    return 0;
}

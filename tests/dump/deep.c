/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A task that waits in arms in arms, deeper than a dump goes, in the report of an exception: whose stack is small.
 */
#include <em/async.h>
#include <em/board.h>
#include <em/dump.h>

TASK(nested, VARS(em_timer t; em_timeout limits[6]))
{
    ASYNC {
        em_future *inner = &em_timer_at(&self->t, EM_INSTANT_MAX)->future;
        for (int i = 0; i < 6; i++)
            inner = &em_timeout_at_(&self->limits[i], EM_INSTANT_MAX, inner)->future;
        AWAIT(&self->limits[5]);
    }
}

static volatile bool never;

MAIN(VARS(em_timer t))
{
    ASYNC {
        em_must_spawn(self->spawner, nested());
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        if (never)
            em_dump_tasks(); /* named: so a report ends with a dump */
        __builtin_trap();
    }
}

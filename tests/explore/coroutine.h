/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Coroutines for the actors of a schedule: their stacks are made once, for all schedules. */
#pragma once

enum {
    MAX_COROUTINES = 10,
    COROUTINE_STACK = 64 * 1024, /* bytes */
    SCHEDULER = -1,              /* in the place of a number: who is none of them */
};

/** Number @p number begins anew when it is switched to, whatever the schedule before has left on its stack. */
void coroutine_renew(unsigned number);

/** From @p from, which goes on here later, to @p to. Each a number, or SCHEDULER. */
void coroutine_switch(int from, int to);

/** What a coroutine does, after which it switches to the scheduler. To be defined by the user. */
void coroutine_body(unsigned number);

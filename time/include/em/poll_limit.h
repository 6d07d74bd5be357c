/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The watchdog of the option `checks`: a task that does not yield is reported by the alarm, while it runs.
 *
 * Flow: the executor's poll -> em_limit_begin_ -> the alarm -> em_limit_on_alarm_ -> em_port_panic
 */
#pragma once

#include <em/check.h>
#include <em/time.h>

#if EM_CFG_CHECKS

/* The limit is @p ticks from each hart's next poll on. */
void em_limit_set_(uint64_t ticks);

/* A board's, if it has them. How long a hart has run, in ticks, if that is not as long as the time; and at what it was
 * interrupted. */
uint64_t em_limit_clock_(unsigned hart);
const void *em_limit_pc_(void);

/* For the timer queue: as em_time_driver_set_alarm(). */
void em_limit_set_alarm_(uint64_t at);
/* The alarm has come, and is silent. True: the timer queue's has. */
bool em_limit_on_alarm_(void);

#else

static inline void em_limit_set_(uint64_t ticks)
{
    (void)ticks;
}
#define em_limit_set_alarm_ em_time_driver_set_alarm
#define em_limit_on_alarm_() true

#endif

/**
 * How long a task may run between two awaits before that is a panic; one second if nobody says so. 0: for ever.
 *
 * From each hart's next poll on. Nothing happens without the option `checks`.
 *
 * Context: task | init
 * Cost:    at most one alarm more in that time, on a hart that polls
 */
static inline void em_set_poll_limit(em_duration limit)
{
    em_limit_set_(limit.ticks);
}

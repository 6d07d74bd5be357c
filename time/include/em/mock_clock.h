/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A clock that stands still until a test moves it: a time driver, linked in place of the board's.
 *
 * Flow: em_mock_clock_advance -> em_time_on_alarm -> timer_queue.c
 */
#pragma once

#include <em/time.h>

/** The time is 0 and no alarm is set. Context: init */
void em_mock_clock_reset(void);

/** Let @p d pass; an alarm that gets due is raised, at the end. Context: init | task */
void em_mock_clock_advance(em_duration d);

/** What the alarm is set for, EM_INSTANT_MAX: not set. Context: init | task */
em_instant em_mock_clock_alarm(void);

/** How often the alarm was set since the reset. Context: init | task */
unsigned em_mock_clock_alarms_set(void);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The clock and the alarm: two functions that a port defines, and the one that it calls.
 *
 * Flow: timer_queue.c -> em_time_driver_set_alarm -> the hardware -> em_time_on_alarm -> timer_queue.c
 *
 * Rules for time drivers:
 *  - Ticks of EM_TICK_HZ since some moment before init, 64 bits, monotonic, the same on every hart.
 *  - No alarm is lost: one set in the past fires at once. One may fire early or twice, never not at all.
 */
#pragma once

#include <em/config.h>
#include <stdint.h>

/** The time now, in ticks. Never fails. Context: task | isr | any hart | init */
uint64_t em_time_driver_now(void);

/**
 * Have em_time_on_alarm() called on this hart, with interrupts masked, at or after @p at ticks, also if
 * that is past already. Replaces this hart's alarm; UINT64_MAX: none.
 *
 * Context: task | isr | init, on the hart that wants the alarm
 */
void em_time_driver_set_alarm(uint64_t at);

/**
 * The alarm of this hart is due. Defined by the time layer. The driver has silenced its alarm before:
 * it is set anew when somebody waits for a later time.
 *
 * Context: isr
 * Cost:    a request to each executor of this hart that has had timers; nothing is popped here
 */
void em_time_on_alarm(void);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The watchdog: the board is reset unless somebody says in time that the program is alive. Boards that have one
 * (jh7110).
 *
 * Flow: em_watchdog_keep, in a task -> em_watchdog_feed, again and again;  a hang -> the hardware resets the board
 *
 * Rules for the watchdog:
 *  - A task in em_watchdog_keep() proves that its executor polls and that its clock goes. One of priority 0 proves that
 *    nothing above it takes all the time.
 *  - It goes on through em_board_exit() and panics: then the board is reset, too.
 *  - Half of the limit after the last feeding the hart that started it says, by polling, which task it runs and where
 *    that last waited; feeding later than that is still in time. A hart with interrupts masked says nothing. At 115200
 *    baud a report takes 30 ms.
 */
#pragma once

#include <em/timer.h>

/**
 * Start it, or change its time, and feed it. Reset is by the hardware, of all the chip.
 *
 * Context: init | task
 * Units:   @p limit, rounded down to 83 ns, from each feeding on
 * Errors:  EM_ERR_INVAL  not in 1 us .. 357 s
 */
EM_MUST_USE int em_watchdog_start(em_duration limit);

/** The program is alive. Context: task | isr | any hart | init. Cost: three writes in one critical section; one
 *  more after a report */
void em_watchdog_feed(void);

/** Stop it. Context: task | isr | any hart | init */
void em_watchdog_stop(void);

/* Storage of em_watchdog_keep(). */
typedef struct em_watchdog_keep_future {
    em_future future;
    em_duration period;
    em_timer timer;
    bool timing;
} em_watchdog_keep_future;

extern const em_future_ops em_watchdog_keep_ops;

/**
 * Awaitable: never ready; feeds the watchdog, which was started, every @p period.
 *
 * Context: task, of an executor with a timer queue
 * Shapes:  @p period: a third of the limit leaves time for a busy executor
 * Cancel:  nobody feeds any more: the board is reset unless the watchdog is stopped
 * Cost:    one timer; em_watchdog_feed() each period
 */
static inline em_watchdog_keep_future *em_watchdog_keep(em_watchdog_keep_future *f, em_duration period)
{
    f->future.ops = &em_watchdog_keep_ops;
    f->period = period;
    f->timing = false;
    return f;
}

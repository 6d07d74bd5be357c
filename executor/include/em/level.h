/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Interrupt executors: three levels a hart whose tasks preempt the thread executor's, and one another's.
 *
 * Flow: em_wake -> run queue -> em_port_pend -> the hart's software interrupt -> em_executor_poll
 *
 * Rules for levels:
 *  - A level runs as soon as one of its tasks is ready and no higher level runs, whatever a lower one is doing.
 *    Nobody preempts within a level: its tasks take turns as those of any executor do.
 *  - Interrupts are served while a level runs. A lower level goes on when the higher has nothing to do.
 *  - One stack a hart: a level needs room on it while it runs, its waiting tasks need none.
 *  - Its tasks use everything that a task may. What they share with lower ones needs an object of sync/ or an
 *    em_lock, as between harts. A mutex that a lower task holds is waited for, awaiting: nobody inherits a level.
 *  - A program that never names em_spawner_level() has nothing of this, in time or in bytes.
 */
#pragma once

#include <em/executor.h>

#define EM_LEVELS 3

#ifdef EM_ARCH_HAS_NO_LEVELS
#define EM_LEVELS_ATTRIBUTE_                                                                       \
    __attribute__((error("em_spawner_level: the board host has no interrupt executors: its interrupts are " \
                         "threads, which do not preempt")))
#else
#define EM_LEVELS_ATTRIBUTE_
#endif

/**
 * This hart's interrupt executor of @p level, 1 (low) to 3 (high).
 *
 * Good on other harts too: a spawn from there is polled here. The first call on a hart is by a task or by init.
 *
 * Context: task | init; of a level that was asked for before: isr
 * Cost:    some 15 instructions; the first of a level joins its timers to the hart's
 */
EM_LEVELS_ATTRIBUTE_ em_spawner em_spawner_level(unsigned level);

/** Have the timers of @p e, which this hart polls, share the hart's alarm from now on. Context: task | init */
void em_timers_attach_(em_executor *e);

/** For dumps: 4 * hart + level of @p e, or 0: it is no level's. Linked with levels only. Context: any */
unsigned em_level_of_(const em_executor *e);

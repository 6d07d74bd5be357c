/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** Tasks that only watch that they are polled, for the scenarios of wakes. */
#pragma once

#include "world.h"

enum { WATCHERS = 3 };

extern life watchers[WATCHERS];

/** So many of them, on executor 0. One whose `step` is set then wakes itself so many times. */
void watchers_spawn(unsigned count);

/** Watcher 0 on executor 0; 1 and 2 on an executor in an interrupt above it. 0 wakes both, @p rounds times. */
void watchers_spawn_on_level(int rounds);

/** Watcher 0 on executor 0, 1 and 2 in interrupts of level 1 and 2. 0 wakes both, @p rounds times; 1 wakes 2. */
void watchers_spawn_on_two_levels(int rounds);

/** An event for each whose bit is set in @p which. A hart's or an interrupt's program. */
void watchers_wake(uintptr_t which);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The explorer's memory of decisions: depth first in order, at random, or as told.
 *
 * Flow: explorer.c, at each step -> choose;  at the end of a schedule -> choose_another
 */
#pragma once

#include "explorer.h"

/** Begin with the first schedule of @p plan. */
void choose_start(const explore_plan *plan);

/** One of @p count; if @p preempts, the first is to go on as before, and the others count against the bound. */
unsigned choose(unsigned count, bool preempts);

/** Go to the next schedule. False: there is none, or there were enough. */
bool choose_another(void);

/** Were these all the schedules within the bound? */
bool choose_had_all(void);

/** Schedules so far. */
uint64_t choose_count(void);

/** Is this the repetition of one schedule? */
bool choose_is_replay(void);

/** Print the decisions of this schedule that are not "the first": step=choice,… */
void choose_print(void);

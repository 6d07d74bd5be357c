/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** The scenarios, in the order in which they run; each list ends with one without a name. */
#pragma once

#include "explorer.h"

extern const explore_scenario scenarios_tasks[];
extern const explore_scenario scenarios_one_hart[];
extern const explore_scenario scenarios_priorities[];
extern const explore_scenario scenarios_pi_mutex[];
extern const explore_scenario scenarios_lives[];
extern const explore_scenario scenarios_rwlock[];
extern const explore_scenario scenarios_signal[];
extern const explore_scenario scenarios_sync[];
extern const explore_scenario scenarios_channel[];
extern const explore_scenario scenarios_priority[];
extern const explore_scenario scenarios_zerocopy[];
extern const explore_scenario scenarios_condvar[];
extern const explore_scenario scenarios_event_flags[];
extern const explore_scenario scenarios_barrier[];
extern const explore_scenario scenarios_once[];
extern const explore_scenario scenarios_greedy[];
extern const explore_scenario scenarios_mutex[];
extern const explore_scenario scenarios_pubsub[];
extern const explore_scenario scenarios_watch[];
extern const explore_scenario scenarios_multi_waker[];
extern const explore_scenario scenarios_pipe[];
extern const explore_scenario scenarios_service[];

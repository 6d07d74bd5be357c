/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A poll that is counted.
 *
 * Flow: poll.h -> here -> the task's poll function
 */
#include "poll.h"

#if EM_CFG_STATS
em_poll em_poll_counted_(em_task *t)
{
    uint64_t begin = em_stats_clock_();
    em_poll result = em_future_poll(em_task_root(t), t);
    uint64_t took = em_stats_clock_() - begin;

    t->stats.polls++;
    t->stats.ran += took;
    if (took > t->stats.longest) {
        t->stats.longest = took;
    }
    return result;
}
#endif

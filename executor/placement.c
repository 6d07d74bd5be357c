/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Placement: on which hart a task is to live.
 *
 * Flow: em_spawner_least_loaded -> em_spawn
 */
#include <em/assert.h>
#include <em/executor.h>

unsigned em_hart_tasks(unsigned hart)
{
    EM_ASSERT(hart < em_hart_count());
#if EM_CFG_MAX_HARTS > 1
    return (unsigned)em_atomic_load(&em_hart_loads_[hart].tasks);
#else
    return 0;
#endif
}

em_spawner em_spawner_least_loaded(void)
{
    unsigned best = 0;
    unsigned fewest = em_hart_tasks(0);
    for (unsigned hart = 1; hart < em_hart_count(); hart++) {
        unsigned tasks = em_hart_tasks(hart);
        if (tasks < fewest) {
            best = hart;
            fewest = tasks;
        }
    }
    return em_spawner_hart(best);
}

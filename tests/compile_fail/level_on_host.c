/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: em_spawner_level: the board host has no interrupt executors: its interrupts are threads */
/* clang: em_spawner_level: the board host has no interrupt executors: its interrupts are threads */
#include <em/async.h>

TASK(urgent)
{
    ASYNC {
    }
}

em_spawner spawner(void);
em_spawner spawner(void)
{
#ifdef FIXED
    return em_spawner_hart(0);
#else
    return em_spawner_level(1); /* here */
#endif
}

void start(void);
void start(void)
{
    em_must_spawn(spawner(), urgent());
}

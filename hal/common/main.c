/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The main() of a program that has MAIN and no main(): the first task on the boot hart's thread executor.
 *
 * Flow: start.S -> here -> em_MAIN_defines_the_first_task -> em_executor_run
 */
#include <em/executor.h>

em_spawn_token em_MAIN_defines_the_first_task(em_spawner spawner);
int main(void);

int main(void)
{
    em_spawner spawner = em_spawner_hart(0);

    em_must_spawn(spawner, em_MAIN_defines_the_first_task(spawner));
    em_executor_run(spawner.executor);
}

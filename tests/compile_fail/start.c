/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the cases that fail at link time are linked with: a start-up that wants MAIN, and stubs. */
#include <em/async.h>

em_spawn_token em_MAIN_defines_the_first_task(em_spawner spawner);

void em_frame_drop(em_future *f)
{
    (void)f;
}

int main(void)
{
    em_spawner spawner = {NULL};
    return em_MAIN_defines_the_first_task(spawner).word == 0;
}

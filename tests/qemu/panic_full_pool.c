/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* em_must_spawn of a task whose pool is full names the task.
 *
 * status: 134
 * expect: \*\*\* panic: .*many.*
 * expect:   task MAIN \(tests/qemu/panic_full_pool.c:@main\) at 0x[0-9a-f]+
 * expect:   MAIN has not waited yet
 */
#include <em/async.h>

TASK(many, POOL(2), VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_secs(1)));
    }
}

MAIN() /* @main */
{
    ASYNC {
        em_must_spawn(self->spawner, many());
        em_must_spawn(self->spawner, many());
        em_must_spawn(self->spawner, many());
    }
}

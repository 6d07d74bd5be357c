/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Two harts panic at once: one report, whole, of one of them; and its hart is said.
 *
 * status: 134
 * run: --smp 4
 * expect: \*\*\* panic: assertion failed.*, tests/harts/panic.c:@fails
 * expect:   called from 0x[0-9a-f]+, stack 0x[0-9a-f]+
 * expect:   hart [23] \(physical \d\)
 * expect:   task doomed \(tests/harts/panic.c:@task\) at 0x[0-9a-f]+
 * only: (|\*\*\* panic: .*|  called from .*|  hart .*|  task doomed .*|  doomed has not waited yet.*)
 */
#include <em/async.h>
#include <em/board.h>

static int32_t there;

TASK(doomed, POOL(2)) /* @task */
{
    ASYNC {
        em_atomic_add(&there, 1);
        while (em_atomic_load(&there) < 2) {
        }
        EM_ASSERT(em_hart_count() == 3); /* @fails */
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(em_spawner_hart(2), doomed());
        em_must_spawn(em_spawner_hart(3), doomed());
    }
}

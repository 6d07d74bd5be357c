/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A program that makes dumps: its panic report ends with one, of all tasks. It has shown the same before.
 *
 * status: 134
 * expect: patient  hart 0  waiting
 * expect:   patient, tests/qemu/panic_tasks.c:@patient: timer until never
 * expect: end of tasks
 * expect: \*\*\* panic: assertion failed.*, tests/qemu/panic_tasks.c:@fails
 * expect:   task MAIN \(tests/qemu/panic_tasks.c:@main\) at 0x[0-9a-f]+
 * expect:   MAIN last waited at tests/qemu/panic_tasks.c:@await for timer
 * expect: tasks at 0.\d{6} s
 * expect: patient  hart 0  waiting
 * expect:   patient, tests/qemu/panic_tasks.c:@patient: timer until never
 * expect: end of tasks
 */
#include <em/async.h>
#include <em/board.h>
#include <em/dump.h>

static volatile int zero;

TASK(patient, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_at(&self->t, EM_INSTANT_MAX)); /* @patient */
    }
}

MAIN(VARS(em_timer t)) /* @main */
{
    ASYNC {
        em_must_spawn(self->spawner, patient());
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* @await */
        em_dump_tasks();
        EM_ASSERT(zero != 0); /* @fails */
    }
}

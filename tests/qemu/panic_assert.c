/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A failed assertion inside an async function: who, where, and what was printed before is not lost.
 *
 * status: 134
 * expect: before the end
 * expect: \*\*\* panic: assertion failed.*, tests/qemu/panic_assert.c:@fails
 * expect:   called from 0x[0-9a-f]+, stack 0x[0-9a-f]+
 * expect:   hart 0 \(physical 0\)
 * expect:   task doomed \(tests/qemu/panic_assert.c:@task\) at 0x[0-9a-f]+
 * expect:   doomed last waited at tests/qemu/panic_assert.c:@outer for inner
 * expect:   inner last waited at tests/qemu/panic_assert.c:@await for timer
 */
#include <em/async.h>
#include <em/board.h>

static volatile int zero;

ASYNC_FN(void, inner, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        em_print("before the end\n");
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* @await */
        EM_ASSERT(zero != 0); /* @fails */
    }
}

TASK(doomed, VARS(struct inner in; em_timer t)) /* @task */
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        AWAIT(inner(&self->in)); /* @outer */
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, doomed());
    }
}

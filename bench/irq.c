/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * From the timer's interrupt, asleep, to a task: the handler is the program's own, and wakes one task. Its
 * body is counted in the trace.
 *
 * Flow: mtimecmp -> em_irq_timer_ -> em_wake -> the future's poll -> the task
 */
#include "bench.h"
#include "clint.h"
#include "irq_flag.h"

#include <em/async.h>

static irq_flag alarm;
static bench_row rows[] = {{.name = "irq_due_task"}, {.name = "irq_block_idle"}};

void em_irq_timer_(void)
{
    *CLINT_MTIMECMP = UINT64_MAX;
    irq_flag_raise(&alarm);
}

MAIN(VARS(irq_wait wait; unsigned i))
{
    ASYNC {
        bench_self_test();
        clint_timer_enable();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            clint_timer_start();
            BENCH_START();
            AWAIT(irq_flag_wait(&self->wait, &alarm));
            BENCH_SAMPLE(&rows[0], bench_wake_to(bench_stamp));
            bench_sample(&rows[1], bench_start_to_sleep());
        }
        BENCH_END(rows);
    }
}

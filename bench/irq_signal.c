/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * As irq.c, with em_signal between the handler and the task.
 *
 * Flow: mtimecmp -> em_irq_timer_ -> em_signal_set -> the task
 */
#include "bench.h"
#include "clint.h"

#include <em/async.h>

static em_signal alarm;
static bench_row rows[] = {{.name = "irq_signal_due_task"}, {.name = "irq_signal_block_idle"}};

void em_irq_timer_(void)
{
    *CLINT_MTIMECMP = UINT64_MAX;
    em_signal_set(&alarm);
}

MAIN(VARS(em_signal_wait_future wait; unsigned i))
{
    ASYNC {
        bench_self_test();
        clint_timer_enable();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            clint_timer_start();
            BENCH_START();
            AWAIT(em_signal_wait(&self->wait, &alarm));
            BENCH_SAMPLE(&rows[0], bench_wake_to(bench_stamp));
            bench_sample(&rows[1], bench_start_to_sleep());
        }
        BENCH_END(rows);
    }
}

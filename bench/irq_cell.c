/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * As irq.c, with em_waker_cell between the handler and a future of the program's own.
 *
 * Flow: mtimecmp -> em_irq_timer_ -> em_waker_cell_wake -> the future's poll -> the task
 */
#include "bench.h"
#include "clint.h"

#include <em/async.h>

static em_waker_cell waiter;
static volatile uint32_t raised;
static bench_row rows[] = {{.name = "irq_cell_due_task"}, {.name = "irq_cell_block_idle"}};

void em_irq_timer_(void)
{
    *CLINT_MTIMECMP = UINT64_MAX;
    raised = 1;
    em_waker_cell_wake(&waiter);
}

static em_poll alarm_poll(em_future *f, em_context *cx)
{
    (void)f;
    em_waker_cell_set(&waiter, em_context_waker(cx));
    if (raised) {
        raised = 0;
        return EM_READY;
    }
    return EM_PENDING;
}

static void alarm_drop(em_future *f)
{
    (void)f;
    em_waker_cell_clear(&waiter);
}

static const em_future_ops alarm_ops = {.poll = alarm_poll, .drop = alarm_drop, .name = "alarm"};

typedef struct alarm_wait {
    em_future future;
} alarm_wait;

static inline alarm_wait *alarm_next(alarm_wait *wait)
{
    wait->future.ops = &alarm_ops;
    return wait;
}

MAIN(VARS(alarm_wait wait; unsigned i))
{
    ASYNC {
        bench_self_test();
        clint_timer_enable();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            clint_timer_start();
            BENCH_START();
            AWAIT(alarm_next(&self->wait));
            BENCH_SAMPLE(&rows[0], bench_wake_to(bench_stamp));
            bench_sample(&rows[1], bench_start_to_sleep());
        }
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The levels: from an interrupt, while lower work runs, to the first instruction of a level's task; from a wake by
 * lower work to that task; and back behind the wake.
 *
 * Flow: mtimecmp, or em_wake -> em_port_pend -> the software interrupt -> em_levels_run_ -> the task
 */
#include "bench.h"
#include "clint.h"
#include "irq_flag.h"

#include <em/async.h>

enum { LEVELS = EM_LEVELS, DUE = 0, OVER_1 = LEVELS, WAKE, BACK };

/* One task at a time waits for the alarm: the handler is that of irq.c. */
static irq_flag alarm;
static irq_flag rounds[LEVELS]; /* what a level's task waits for between its turns */
static bench_row rows[] = {{.name = "level1_due_task"}, {.name = "level2_due_task"}, {.name = "level3_due_task"},
                           {.name = "level3_over_1_due_task"}, {.name = "level_wake_task"}, {.name = "level_end_back"}};
static bench_row *row; /* of the next sample; of WAKE it is a wake that is counted, not an interrupt */

void em_irq_timer_(void)
{
    *CLINT_MTIMECMP = UINT64_MAX;
    irq_flag_raise(&alarm);
}

/* The store makes the alarm due; the interrupt is taken before the next instruction. */
static inline void interrupt_now(bench_row *r)
{
    row = r;
    __asm__ volatile("csrr t0, mcycle\n\tsd t0, 0(%0)\n\tsd zero, 0(%1)"
                     ::"r"(&bench_start_at), "r"(CLINT_MTIMECMP) : "t0", "memory");
}

/* From the trap's first instruction, or the wake's, to here. The store that interrupts is not counted. */
TASK(urgent, POOL(LEVELS), ARGS((irq_flag *, round)), VARS(irq_wait wait))
{
    ASYNC {
        for (;;) {
            AWAIT(irq_flag_wait(&self->wait, self->round));
            AWAIT(irq_flag_wait(&self->wait, &alarm));
            BENCH_SAMPLE(row, BENCH_COUNT - (row != &rows[WAKE]));
            BENCH_START();
        }
    }
}

static void interrupt_level(unsigned level)
{
    irq_flag_raise(&rounds[level]);
    interrupt_now(&rows[DUE + level]);
}

static void wake_level_3(void)
{
    irq_flag_raise(&rounds[2]);
    row = &rows[WAKE];
    alarm.raised = 1;
    em_waker waker = alarm.waker;
    BENCH_START();
    em_wake(waker);
    BENCH_SAMPLE(&rows[BACK], BENCH_COUNT);
}

static irq_flag next;
TASK(below, VARS(irq_wait wait))
{
    ASYNC {
        for (;;) {
            AWAIT(irq_flag_wait(&self->wait, &next));
            irq_flag_raise(&rounds[2]);
            interrupt_now(&rows[OVER_1]);
        }
    }
}

MAIN(VARS(unsigned i))
{
    ASYNC {
        bench_self_test();
        clint_timer_enable();
        for (unsigned level = 0; level < LEVELS; level++) {
            em_must_spawn(em_spawner_level(level + 1), urgent(&rounds[level]));
        }
        em_must_spawn(em_spawner_level(1), below());
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            for (unsigned level = 0; level < LEVELS; level++) {
                interrupt_level(level);
            }
            irq_flag_raise(&next);
            wake_level_3();
        }
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An interrupt that comes while a task runs: the way through the trap, from its first instruction to the
 * mret. One that wakes nobody, then one that wakes a task.
 *
 * Flow: MSIP -> trap.S -> em_irq_software_ -> back
 */
#include "bench.h"
#include "clint.h"
#include "irq_flag.h"

#include <em/async.h>

static irq_flag other;
static bool wakes;
static bench_row rows[] = {{.name = "trap_nowake"}, {.name = "trap_wake"}};

void em_irq_software_(void)
{
    *CLINT_MSIP = 0;
    if (wakes) {
        irq_flag_raise(&other);
    }
}

/* The store raises the interrupt, which is taken before the next instruction. */
static uint64_t interrupt_now(void)
{
    uint64_t from;
    uint64_t to;
    __asm__ volatile("csrr %0, mcycle\n\tsw %2, 0(%3)\n\tcsrr %1, mcycle"
                     : "=&r"(from), "=&r"(to) : "r"(1), "r"(CLINT_MSIP) : "memory");
    return to - from - 2;
}

TASK(waiter, VARS(irq_wait wait))
{
    ASYNC {
        for (;;) {
            AWAIT(irq_flag_wait(&self->wait, &other));
        }
    }
}

MAIN(VARS(unsigned i))
{
    ASYNC {
        bench_self_test();
        __asm__ volatile("csrs mie, %0" ::"r"(1 << 3));
        em_must_spawn(self->spawner, waiter());
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            wakes = false;
            bench_sample(&rows[0], interrupt_now());
            YIELD();
            wakes = true;
            bench_sample(&rows[1], interrupt_now());
            YIELD();
        }
        BENCH_END(rows);
    }
}

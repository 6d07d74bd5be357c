/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_print: the call, with interrupts masked, and everything until the hart sleeps again, with the UART's
 * interrupts.
 *
 * Flow: em_print -> the ring -> the UART's interrupt -> idle
 */
#include "bench.h"

#include <em/async.h>
#include <em/board.h>

static bench_row rows[] = {
    {.name = "print_text_call"}, {.name = "print_text_all"},
    {.name = "print_number_call"}, {.name = "print_number_all"},
};

static void print_text(void)
{
    em_irq masked = em_irq_save();
    BENCH_START();
    em_print("# hello, world\n");
    BENCH_SAMPLE(&rows[0], BENCH_COUNT);
    em_irq_restore(masked);
}

static void print_number(int n)
{
    em_irq masked = em_irq_save();
    BENCH_START();
    em_print("# count %d\n", n);
    BENCH_SAMPLE(&rows[2], BENCH_COUNT);
    em_irq_restore(masked);
}

MAIN(VARS(em_timer pause; unsigned i))
{
    ASYNC {
        bench_self_test();
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            print_text();
            AWAIT(em_timer_after(&self->pause, em_ms(5)));
            bench_sample(&rows[1], bench_start_to_sleep());
            print_number(12345);
            AWAIT(em_timer_after(&self->pause, em_ms(5)));
            bench_sample(&rows[3], bench_start_to_sleep());
        }
        BENCH_END(rows);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The longest stretch without interrupts is the one in mask(). */
#include <em/async.h>
#include <em/board.h>
#include <em/recording.h>

void mask(void);

__attribute__((noinline)) void mask(void)
{
    em_irq irq = em_irq_save();
    for (volatile unsigned i = 0; i < 10000; i++) {
    }
    em_irq_restore(irq);
}

MAIN(VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        mask();
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        em_trace_print();
        em_board_exit(0);
    }
}

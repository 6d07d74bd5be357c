/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The smallest useful program, for its size: one task blinks every 100 ms, one is woken by an interrupt, and
 * the hart sleeps in between. No output; a panic or a trap halts, as in the programs it is compared with. The
 * interrupt is the hart's software interrupt; blinky_plic.c has one from outside.
 *
 * Flow: the clock -> blink;  MSIP -> em_irq_software_ -> em_signal -> press
 */
#include "clint.h"
#include "quiet.h"

#include <em/async.h>

static em_signal pressed;

void em_irq_software_(void)
{
    *CLINT_MSIP = 0;
    em_signal_set(&pressed);
}

TASK(blink, VARS(em_timer tick))
{
    ASYNC {
        for (;;) {
            AWAIT(em_timer_after(&self->tick, em_ms(100)));
            quiet_led ^= 1;
        }
    }
}

TASK(press, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &pressed));
            quiet_led ^= 2;
        }
    }
}

int main(void)
{
    em_must_spawn(em_spawner_hart(0), blink());
    em_must_spawn(em_spawner_hart(0), press());
    __asm__ volatile("csrs mie, %0" ::"r"(1 << 3));
    em_irq_enable();
    em_executor_run(em_spawner_hart(0).executor);
}

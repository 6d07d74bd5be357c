/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One source, enabled for two harts: each interrupt is claimed once, completed once, by the hart that claimed it. One
 * that is not completed, or on the wrong hart, would be the last.
 *
 * run: --smp 2
 * expect: 100000 interrupts raised, 100000 claimed
 */
#include "../qemu/rtc.h"

#include <em/async.h>
#include <em/board.h>

enum { INTERRUPTS = 100000 };

static em_interrupt irqs[2];
static em_signal all;
static int32_t pending, raised, claimed;

static void raise_one(void)
{
    em_atomic_add(&raised, 1);
    long before = em_atomic_swap(&pending, 1);
    EM_ASSERT(before == 0);
    rtc_set_alarm(0);
}

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    long before = em_atomic_swap(&pending, 0);
    EM_ASSERT(before == 1); /* else it is spurious */
    if (em_atomic_add(&claimed, 1) + 1 < INTERRUPTS) {
        raise_one();
    } else {
        em_signal_set(&all);
    }
}

TASK(on_hart_1)
{
    ASYNC {
        em_interrupt_bind(&irqs[1], RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&irqs[1]);
        raise_one();
    }
}

MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        em_interrupt_bind(&irqs[0], RTC_IRQ, on_alarm, NULL);
        em_must_spawn(em_spawner_hart(1), on_hart_1());
        AWAIT(em_signal_wait(&self->wait, &all));
        em_print("%d interrupts raised, %d claimed\n", em_atomic_load(&raised), em_atomic_load(&claimed));
        em_board_exit(0);
    }
}

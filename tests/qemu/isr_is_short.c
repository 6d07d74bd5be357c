/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An interrupt takes little of the running task's stack, and polls nobody: the task that it wakes runs after the
 * one that it interrupted.
 *
 * expect: 20 interrupts, none polled a task
 * expect: their stack: within the bound
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

enum { STACK_BOUND = 512 }; /* bytes: the trap frame of 128, the dispatch, and this handler */

static em_interrupt alarm_irq;
static em_signal alarm_came;
static volatile unsigned interrupts, polls, polls_inside;
static volatile uintptr_t interrupted_at, deepest;

static void on_alarm(void *arg)
{
    (void)arg;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    unsigned before = polls;
    rtc_clear();
    em_signal_set(&alarm_came);
    deepest = interrupted_at - here > deepest ? interrupted_at - here : deepest;
    polls_inside += polls != before;
    interrupts++;
}

TASK(woken, VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &alarm_came));
            polls++;
        }
    }
}

/* Busy until the interrupt has come: it comes while a task runs, not while the hart sleeps. */
static __attribute__((noinline)) bool interrupted_once(void)
{
    unsigned came = interrupts;
    unsigned polled = polls;
    interrupted_at = (uintptr_t)__builtin_frame_address(0);
    rtc_set_alarm(50000);
    while (interrupts == came) {
    }
    return polls == polled;
}

TASK(busy, VARS(int i))
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        for (self->i = 0; self->i < 20; self->i++) {
            EM_ASSERT(interrupted_once());
            YIELD();
        }
        em_print("%u interrupts, %s polled a task\n", interrupts, polls_inside ? "some" : "none");
        em_print("their stack: %s the bound\n", deepest > 0 && deepest <= STACK_BOUND ? "within" : "beyond");
        EM_ASSERT(polls == 20);
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, woken());
        em_must_spawn(self->spawner, busy());
    }
}

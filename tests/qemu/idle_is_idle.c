/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Ten ticks in a second: ten sleeps, few instructions. Then ten seconds without a timer: one sleep.
 *
 * The device's alarm ends the second part. Instructions are counted from the end of a sleep to the next.
 *
 * run: --icount
 * expect: 10 ticks: 10 sleeps
 * expect: 10 s of nothing: 1 sleep
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>
#include <em/port.h>

/* In place of em_port_idle (--wrap), around it. */
void __real_em_port_idle(struct em_executor *e);
void __wrap_em_port_idle(struct em_executor *e);

static em_interrupt alarm_irq;
static unsigned sleeps;
static uint64_t awake; /* instructions */
static uint64_t awake_since;

static uint64_t instructions(void)
{
    uint64_t n;
    __asm__ volatile("csrr %0, cycle" : "=r"(n));
    return n;
}

void __wrap_em_port_idle(struct em_executor *e)
{
    awake += instructions() - awake_since;
    sleeps++;
    __real_em_port_idle(e);
    awake_since = instructions();
}

static void begin(void)
{
    sleeps = 0;
    awake = 0;
    awake_since = instructions();
}

TASK(idler, VARS(em_ticker ticker; em_ticker_wait tick; em_interrupt_wait wait; int i))
{
    ASYNC {
        em_interrupt_bind_task(&alarm_irq, RTC_IRQ);
        em_ticker_init(&self->ticker, em_ms(100), EM_TICKER_BURST);
        begin();
        for (self->i = 0; self->i < 10; self->i++) {
            AWAIT(em_ticker_next(&self->tick, &self->ticker));
        }
        em_print("10 ticks: %u sleeps\n", sleeps);
        EM_ASSERT(awake < 20000);

        rtc_set_alarm(10000000000);
        AWAIT(em_timer_after(&self->tick.timer, em_ms(100))); /* what was printed is out */
        begin();
        AWAIT(em_interrupt_next(&self->wait, &alarm_irq));
        em_print("10 s of nothing: %u sleep\n", sleeps);
        EM_ASSERT(awake < 2000);
        em_board_exit(0);
    }
}

MAIN()
{
    ASYNC {
        em_must_spawn(self->spawner, idler());
    }
}

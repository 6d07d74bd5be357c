/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An interrupt at every instruction of a level's work, from the wake by the thread to its return: no wake is lost, no
 * interrupt either, and each that is claimed is completed, else the next does not come.
 *
 * The alarm comes between 0 and 1000 instructions after the thread's task wakes the level's. A lost wake ends the
 * program by the timeout.
 *
 * run: --icount
 * expect: 10000 alarms, 10000 interrupts, 10000 seen by level 1, 10000 by level 3, 10000 wakes by the thread
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

enum { ROUNDS = 10000 };
static em_interrupt alarm_irq;
static volatile unsigned interrupts, alarms;   /* that came */
static volatile unsigned seen_by_1, seen_by_3; /* of them, by the poll behind the last */
static volatile unsigned kicks, seen_kicks;
static em_waker waiting_1, waiting_3;

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    interrupts++;
    em_wake(waiting_1);
    em_wake(waiting_3);
}

typedef struct event {
    em_future future;
    volatile unsigned *seen;
    em_waker *waker;
} event;

/* For ever: each poll sees what has come. */
static em_poll event_poll(em_future *f, em_context *cx)
{
    event *ev = (event *)(void *)f;
    *ev->waker = em_context_waker(cx);
    *ev->seen = interrupts;
    seen_kicks = kicks;
    return EM_PENDING;
}

static const em_future_ops event_ops = {.poll = event_poll, .name = "event"};

TASK(watcher, POOL(2), ARGS((volatile unsigned *, seen), (em_waker *, waker)), VARS(event ev))
{
    ASYNC {
        self->ev = (event){.future = {&event_ops}, .seen = self->seen, .waker = self->waker};
        AWAIT(&self->ev);
    }
}

MAIN()
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        em_must_spawn(em_spawner_level(1), watcher(&seen_by_1, &waiting_1));
        em_must_spawn(em_spawner_level(3), watcher(&seen_by_3, &waiting_3));
        for (alarms = 0; alarms < ROUNDS;) {
            alarms++;
            rtc_set_alarm(alarms % 1000);
            kicks++;
            em_wake(waiting_1);
            EM_ASSERT(seen_kicks == kicks);
            while (interrupts != alarms) {
            }
            while (seen_by_1 != alarms || seen_by_3 != alarms) {
            }
        }
        em_print("%u alarms, %u interrupts, %u seen by level 1, %u by level 3, %u wakes by the thread\n", alarms,
                 interrupts, seen_by_1, seen_by_3, seen_kicks);
        em_board_exit(0);
    }
}

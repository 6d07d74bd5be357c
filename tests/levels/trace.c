/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Levels preempt, nest, wait for one another, and are interrupted. `(2` and `2)`: a task of level 2 begins and ends;
 * `t`: the thread's task goes on; `i`: an interrupt.
 *
 * run: --icount
 * expect: thread wakes each:       t\(11\)t\(22\)t\(33\)t
 * expect: nested by wakes:         t\(1\(2\(33\)2\)1\)t
 * expect: higher wakes lower:      t\(33\)\(22\)\(11\)t
 * expect: middle wakes both:       t\(2\(33\)2\)\(11\)t
 * expect: interrupt wakes all:     ti\(33\)\(22\)\(11\)t
 * expect: interrupt inside 1:      t\(1i\(33\)\(22\)1\)t
 * expect: interrupt inside 3:      t\(3i3\)\(22\)t
 * expect: masked, then not:        tm\(33\)\(22\)\(11\)t
 * expect: two of a level:          tm\(1\(33\)1\)\(11\)t
 * expect: itself again:            t\(22\)\(22\)t
 * expect: asleep:                  ti\(33\)\(22\)\(11\)t
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

enum { WAKE_1 = 1, WAKE_2 = 2, WAKE_3 = 4, WAKE_1B = 8, INTERRUPT = 16, ALL = WAKE_1 | WAKE_2 | WAKE_3 };

static char trace[64];
static volatile unsigned length;
static em_signal start[4]; /* of levels 1, 2, 3, and of the second task of level 1 */
static unsigned does[4];   /* what a level's task does between its `(` and its `)`; once */
static em_interrupt alarm_irq;
static volatile unsigned interrupts;
static unsigned interrupt_wakes;

static void note(char c)
{
    em_irq irq = em_irq_save();
    trace[length++] = c;
    em_irq_restore(irq);
}

static void wake_all(unsigned which)
{
    for (unsigned i = 0; i < 4; i++) {
        if (which & 1u << i) {
            em_signal_set(&start[i]);
        }
    }
}

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    note('i');
    wake_all(interrupt_wakes);
    interrupts++;
}

static void act(unsigned what)
{
    if (what & INTERRUPT) {
        unsigned came = interrupts;
        rtc_set_alarm(2000);
        while (interrupts == came) {
        }
    }
    wake_all(what);
}

TASK(on_level, POOL(4), ARGS((unsigned, index), (char, name)), VARS(em_signal_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, &start[self->index]));
            unsigned what = does[self->index];
            does[self->index] = 0;
            note('(');
            note(self->name);
            act(what);
            note(self->name);
            note(')');
        }
    }
}

static void begin(void)
{
    length = 0;
    note('t');
}

static void say(const char *name)
{
    note('t');
    note('\0');
    em_print("%-24s %s\n", name, trace);
}

static void act_and_say(const char *name, unsigned what)
{
    begin();
    act(what);
    say(name);
}

static void interrupt(const char *name, unsigned wakes, unsigned what)
{
    interrupt_wakes = wakes;
    act_and_say(name, what);
}

static void masked(const char *name, unsigned first, unsigned second)
{
    begin();
    em_irq irq = em_irq_save();
    wake_all(first);
    wake_all(second);
    note('m');
    em_irq_restore(irq);
    say(name);
}

static void all_but_asleep(void)
{
    begin();
    for (unsigned i = 0; i < 3; i++) {
        wake_all(1u << i);
        note('t');
    }
    length--;
    say("thread wakes each:");
    does[0] = WAKE_2;
    does[1] = WAKE_3;
    act_and_say("nested by wakes:", WAKE_1);
    does[2] = WAKE_1 | WAKE_2;
    act_and_say("higher wakes lower:", WAKE_3);
    does[1] = WAKE_1 | WAKE_3;
    act_and_say("middle wakes both:", WAKE_2);
    interrupt("interrupt wakes all:", ALL, INTERRUPT);
    does[0] = INTERRUPT;
    interrupt("interrupt inside 1:", WAKE_2 | WAKE_3, WAKE_1);
    does[2] = INTERRUPT;
    interrupt("interrupt inside 3:", WAKE_2, WAKE_3);
    masked("masked, then not:", WAKE_1, WAKE_3 | WAKE_2);
    does[0] = WAKE_3;
    masked("two of a level:", WAKE_1, WAKE_1B);
    does[1] = WAKE_2;
    act_and_say("itself again:", WAKE_2);
}

MAIN(VARS(em_timer t))
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        em_must_spawn(em_spawner_level(1), on_level(0, '1'));
        em_must_spawn(em_spawner_level(2), on_level(1, '2'));
        em_must_spawn(em_spawner_level(3), on_level(2, '3'));
        em_must_spawn(em_spawner_level(1), on_level(3, '1'));
        all_but_asleep();
        begin();
        interrupt_wakes = ALL;
        rtc_set_alarm(1000000);
        AWAIT(em_timer_after(&self->t, em_ms(3)));
        say("asleep:");
        em_board_exit(0);
    }
}

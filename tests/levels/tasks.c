/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Tasks of levels do all that tasks do: timers, spawns from everywhere, cancel and join across levels, mutexes,
 * channels, timeouts. The thread's task keeps the hart busy meanwhile, so that all of it is preemption.
 *
 * run: --icount
 * expect: spawned from thread, level, interrupt: 1 2 3
 * expect: cancelled at once, dropped by its level: yes
 * expect: joined by level 3, then by the thread: yes
 * expect: a level's join of the thread's task: yes
 * expect: timers of all levels while busy: 0 late, 30 of 30
 * expect: and of the thread, behind them: in time
 * expect: 100 messages up, 100 down, sum 4950 4950
 * expect: a mutex of all levels: 40 times, never two inside
 * expect: timeouts of a level while busy: 10
 */
#include "rtc.h"

#include <em/async.h>
#include <em/board.h>

static em_interrupt alarm_irq;
static em_spawner level[4]; /* asked for before the interrupt does */
static volatile unsigned spawned;
static volatile bool dropped_by_2, joined_by_3, thread_joined;
static em_task_handle victim, ending;

static void spin(em_duration d)
{
    em_instant end = em_instant_add(em_now(), d);
    while (em_instant_before(em_now(), end)) {
    }
}

/* -- spawning ----------------------------------------------------------------------------------- */

TASK(newcomer, POOL(3), ARGS((unsigned, digit)))
{
    ASYNC {
        EM_ASSERT(em_spawner_current().executor == level[self->digit].executor);
        spawned = spawned * 10 + self->digit;
    }
}

TASK(spawner_on_2)
{
    ASYNC {
        em_must_spawn(em_spawner_level(2), newcomer(2)); /* behind its spawner */
    }
}

static void on_alarm(void *arg)
{
    (void)arg;
    rtc_clear();
    em_must_spawn(em_spawner_level(3), newcomer(3));
}

static void spawn_from_everywhere(void)
{
    em_must_spawn(level[1], newcomer(1));
    EM_ASSERT(spawned == 1); /* it has run already */
    em_must_spawn(level[2], spawner_on_2());
    EM_ASSERT(spawned == 12);
    rtc_set_alarm(10000);
    while (spawned == 12) {
    }
    em_print("spawned from thread, level, interrupt: %u %u %u\n", spawned / 100, spawned / 10 % 10, spawned % 10);
}

/* -- cancel and join ---------------------------------------------------------------------------- */

TASK(sleeper, VARS(em_timer t))
{
    ASYNC_TRY {
        AWAIT(em_timer_at(&self->t, EM_INSTANT_MAX));
    }
    FINALLY {
        dropped_by_2 = CANCELLED && em_running_task() == victim.task;
    }
}

TASK(joiner_on_3, ARGS((em_task_handle, of), (volatile bool *, done)), VARS(em_task_join join))
{
    ASYNC {
        AWAIT(em_task_wait(&self->join, self->of));
        *self->done = true;
    }
}

TASK(short_one)
{
    ASYNC {
        YIELD();
    }
}

/* -- timers ------------------------------------------------------------------------------------- */

static volatile unsigned fired, late;

TASK(ticks, POOL(3), VARS(em_timer t; em_instant due; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 10; self->i++) {
            self->due = em_instant_add(em_now(), em_us(500));
            AWAIT(em_timer_at(&self->t, self->due));
            late += em_instant_diff(em_now(), self->due).ticks > EM_TICK_HZ / 20000;
            fired++;
        }
    }
}

/* -- objects of sync/ --------------------------------------------------------------------------- */

EM_CHANNEL_TYPE(numbers, unsigned, 4);
static numbers up, down;
static volatile unsigned messages, sum_up;

TASK(echo_on_3, VARS(numbers_receive_future rx; numbers_send_future tx))
{
    ASYNC {
        for (;;) {
            unsigned n;
            AWAIT_INTO(n, numbers_receive(&self->rx, &up));
            sum_up += n;
            messages++;
            AWAIT(numbers_send(&self->tx, &down, n));
        }
    }
}

static em_mutex mutex;
static volatile unsigned inside, most_inside, entered;

TASK(locks, POOL(4), VARS(em_mutex_lock_future l; em_timer t; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 10; self->i++) {
            AWAIT(em_mutex_lock(&self->l, &mutex));
            inside++;
            most_inside = inside > most_inside ? inside : most_inside;
            AWAIT(em_timer_after(&self->t, em_us(20)));
            entered++;
            inside--;
            em_mutex_unlock(&mutex);
        }
    }
}

static volatile unsigned timeouts;
static em_signal never;

TASK(impatient, VARS(em_timeout to; em_signal_wait_future wait; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 10; self->i++) {
            int result;
            AWAIT_INTO(result, WITH_TIMEOUT(&self->to, em_us(100), em_signal_wait(&self->wait, &never)));
            timeouts += result == EM_ERR_TIMEOUT;
        }
    }
}

MAIN(VARS(em_task_join join; em_timer t; em_instant due; numbers_send_future tx; numbers_receive_future rx; unsigned i;
          unsigned sum))
{
    ASYNC {
        em_interrupt_bind(&alarm_irq, RTC_IRQ, on_alarm, NULL);
        em_interrupt_enable(&alarm_irq);
        for (unsigned l = 1; l <= 3; l++) {
            level[l] = em_spawner_level(l);
        }
        spawn_from_everywhere();

        EM_ASSERT(em_spawn_handle(level[2], sleeper(), &victim) == EM_OK);
        em_must_spawn(level[3], joiner_on_3(victim, &joined_by_3));
        em_task_cancel(victim);
        em_print("cancelled at once, dropped by its level: %s\n", dropped_by_2 ? "yes" : "no");
        AWAIT(em_task_wait(&self->join, victim));
        em_print("joined by level 3, then by the thread: %s\n", joined_by_3 ? "yes" : "no");
        EM_ASSERT(em_spawn_handle(self->spawner, short_one(), &ending) == EM_OK);
        em_must_spawn(level[3], joiner_on_3(ending, &thread_joined));
        EM_ASSERT(!thread_joined);
        AWAIT(em_task_wait(&self->join, ending));
        em_print("a level's join of the thread's task: %s\n", thread_joined ? "yes" : "no");

        for (unsigned l = 1; l <= 3; l++) {
            em_must_spawn(level[l], ticks());
        }
        self->due = em_instant_add(em_now(), em_ms(4));
        em_timer_at(&self->t, self->due);
        spin(em_ms(7));
        em_print("timers of all levels while busy: %u late, %u of 30\n", late, fired);
        self->due = em_instant_add(em_now(), em_ms(2));
        AWAIT(em_timer_at(&self->t, self->due));
        em_print("and of the thread, behind them: %s\n",
                 em_instant_diff(em_now(), self->due).ticks < EM_TICK_HZ / 10000 ? "in time" : "late");

        em_must_spawn(level[3], echo_on_3());
        self->sum = 0;
        for (self->i = 0; self->i < 100; self->i++) {
            AWAIT(numbers_send(&self->tx, &up, self->i));
            unsigned n;
            AWAIT_INTO(n, numbers_receive(&self->rx, &down));
            self->sum += n;
        }
        em_print("%u messages up, %u down, sum %u %u\n", messages, self->i, sum_up, self->sum);

        em_must_spawn(self->spawner, locks());
        for (unsigned l = 1; l <= 3; l++) {
            em_must_spawn(level[l], locks());
        }
        AWAIT(em_timer_after(&self->t, em_ms(5)));
        em_print("a mutex of all levels: %u times, %s inside\n", entered, most_inside == 1 ? "never two" : "two");

        em_must_spawn(level[1], impatient());
        spin(em_ms(3));
        em_print("timeouts of a level while busy: %u\n", timeouts);
        em_board_exit(0);
    }
}

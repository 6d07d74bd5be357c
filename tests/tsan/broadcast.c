/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What reaches all who wait: publishers and subscribers on both executors, one that comes and goes, interrupts that
 * publish without waiting, receivers of a value that all of them change, and tasks that wait for what they count.
 * Messages and values are plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 500, SPEAKERS = 2, HEARERS = 2, VISITS = 200, EVENTS = 500, READERS = 4, COUNTERS = 2 };

typedef struct speech {
    unsigned speaker;
    unsigned number;
    unsigned negated; /* so that half a message is seen */
} speech;

EM_PUBSUB_TYPE(speeches, speech, 2);
EM_PUBSUB_TYPE(alerts, unsigned long, 2);
EM_WATCH_TYPE(count, speech);

static speeches all_hear;
static alerts some_miss;
static speeches_subscriber ears[HEARERS];
static alerts_subscriber watchman;
static count changes;
static em_multi_waker counted;
static unsigned long heard[HEARERS], alerts_had, alerts_missed;
static int32_t unfinished = SPEAKERS + HEARERS + READERS + COUNTERS + 2;
static int32_t given, events;
static unsigned long notes[EVENTS + 1]; /* of each event, written before it is counted */

static void finished(void)
{
    __atomic_fetch_add(&unfinished, -1, __ATOMIC_RELEASE);
}

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

static speech speech_of(unsigned speaker, unsigned number)
{
    return (speech){speaker, number, ~number};
}

/* A speech that has to wait is given up at the next poll, unless it could be given by then, and given again. */
TASK(speaker, POOL(SPEAKERS), ARGS((unsigned, number)),
     VARS(speeches_publish_future publish; em_yield yield; em_select2 select; unsigned i))
{
    ASYNC {
        while (self->i < ROUNDS) {
            AWAIT(SELECT(&self->select, speeches_publish(&self->publish, &all_hear, speech_of(self->number, self->i)),
                         em_yield_now(&self->yield)));
            if (WON(self->select, self->yield)) {
                AWAIT(speeches_publish(&self->publish, &all_hear, speech_of(self->number, self->i)));
            }
            self->i++;
        }
        finished();
    }
}

static void check_speech(const speech *s, unsigned *expected)
{
    check(s->negated == ~s->number, "half of a speech was heard");
    check(s->number == expected[s->speaker], "a speech was lost, had twice, or overtaken");
    expected[s->speaker]++;
}

/* Hears all, each speaker's in order; waits again and again. */
TASK(hearer, POOL(HEARERS), ARGS((unsigned, number)),
     VARS(speeches_next_message_future next; em_yield yield; em_select2 select; unsigned expected[SPEAKERS]))
{
    ASYNC {
        while (heard[self->number] < ROUNDS * SPEAKERS) {
            AWAIT(SELECT(&self->select, speeches_next_message(&self->next, &ears[self->number]),
                         em_yield_now(&self->yield)));
            if (WON(self->select, self->yield)) {
                AWAIT(speeches_next_message(&self->next, &ears[self->number]));
            }
            check(self->next.out.lagged == 0, "a speech was missed");
            check_speech(&self->next.out.message, self->expected);
            heard[self->number]++;
        }
        speeches_unsubscribe(&ears[self->number]);
        finished();
    }
}

/* Comes and goes, and hears a few. */
TASK(visitor_of_speeches, VARS(speeches_subscriber ear; speech heard; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < VISITS; self->i++) {
            speeches_subscribe(&self->ear, &all_hear);
            YIELD();
            if (self->i % 2 && speeches_try_next_message_pure(&self->ear, &self->heard) == EM_OK) {
                check(self->heard.negated == ~self->heard.number, "half of a speech was heard");
            }
            speeches_unsubscribe(&self->ear);
        }
        finished();
    }
}

TASK(watchman_task, VARS(alerts_next_message_future next))
{
    ASYNC {
        while (alerts_had + alerts_missed < EVENTS) {
            AWAIT(alerts_next_message(&self->next, &watchman));
            alerts_missed += self->next.out.lagged;
            alerts_had += self->next.out.lagged == 0;
        }
        finished();
    }
}

static bool is_multiple(const speech *s, void *divisor)
{
    check(s->negated == ~s->number, "half of a value was seen");
    return s->number % (unsigned)(uintptr_t)divisor == 0 || s->number == EVENTS;
}

/* Half of them by changed, half by changed_and; each wait may lose to a yield. */
TASK(reader_of_changes, POOL(READERS), ARGS((unsigned, divisor)),
     VARS(count_receiver receiver; count_changed_future changed; count_changed_and_future changed_and; em_yield yield;
          em_select2 select; speech seen))
{
    ASYNC {
        count_receiver_init(&self->receiver, &changes);
        while (self->seen.number < EVENTS) {
            if (self->divisor == 1) {
                AWAIT_INTO(self->seen, count_changed(&self->changed, &self->receiver));
                check(self->seen.negated == ~self->seen.number, "half of a value was seen");
                continue;
            }
            AWAIT(SELECT(&self->select, count_changed_and(&self->changed_and, &self->receiver, is_multiple,
                                                          (void *)(uintptr_t)self->divisor),
                         em_yield_now(&self->yield)));
            if (WON(self->select, self->changed_and)) {
                check(self->changed_and.out.number > self->seen.number, "a value was had twice");
                self->seen = self->changed_and.out;
            }
        }
        finished();
    }
}

static void add_one(speech *s, bool *has_value, void *arg)
{
    (void)arg;
    *s = speech_of(0, s->number + 1);
    *has_value = true;
}

static bool is_more(void *seen)
{
    return em_atomic_load(&events) > *(int32_t *)seen;
}

/* Reads the notes on all events that were counted since it last looked. */
TASK(counter_of_events, POOL(COUNTERS), VARS(em_multi_waker_wait_future wait; int32_t seen))
{
    ASYNC {
        while (self->seen < EVENTS) {
            AWAIT(em_multi_waker_wait(&self->wait, &counted, is_more, &self->seen));
            for (int32_t all = em_atomic_load(&events); self->seen < all; self->seen++) {
                check(notes[self->seen] == (unsigned long)self->seen + 1, "an event was counted before it was noted");
            }
        }
        finished();
    }
}

void broadcast_start(void)
{
    for (unsigned i = 0; i < COUNTERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), counter_of_events());
    }
    for (unsigned i = 0; i < READERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), reader_of_changes(1 + i / 2));
    }
    alerts_subscribe(&watchman, &some_miss);
    for (unsigned i = 0; i < HEARERS; i++) {
        speeches_subscribe(&ears[i], &all_hear);
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), hearer(i));
    }
    for (unsigned i = 0; i < SPEAKERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), speaker(i));
    }
    em_must_spawn(em_spawner_hart(0), visitor_of_speeches());
    em_must_spawn(em_spawner_hart(1), watchman_task());
}

/* One at a time: the notes are in order. */
static void note_one(void)
{
    static em_lock noting;
    em_irq irq = em_lock_acquire(&noting);
    notes[events] = (unsigned long)events + 1;
    em_atomic_add(&events, 1);
    em_lock_release(&noting, irq);
    em_multi_waker_wake(&counted);
}

void broadcast_event(void)
{
    if (__atomic_load_n(&given, __ATOMIC_RELAXED) >= EVENTS) {
        return;
    }
    int32_t number = __atomic_fetch_add(&given, 1, __ATOMIC_RELAXED);
    if (number < EVENTS) {
        alerts_publish_immediate(&some_miss, (unsigned long)number);
        count_send_modify(&changes, add_one, NULL);
        note_one();
    }
}

void broadcast_finish(void)
{
    while (__atomic_load_n(&given, __ATOMIC_RELAXED) < EVENTS) {
        broadcast_event();
    }
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

void broadcast_check(void)
{
    for (unsigned i = 0; i < HEARERS; i++) {
        check(heard[i] == ROUNDS * SPEAKERS, "not all was heard");
    }
    check(speeches_subscribers(&all_hear) == 0 && speeches_is_empty(&all_hear), "a subscriber was left");
    check(changes.value.number == EVENTS && count_version(&changes) == EVENTS, "a change was lost, or had twice");
    check(alerts_had + alerts_missed == EVENTS, "alerts were lost or had twice");
}

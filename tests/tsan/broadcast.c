/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What reaches all who wait: publishers and subscribers on both executors, one that comes and goes, and interrupts
 * that publish without waiting. Messages are plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 1000, SPEAKERS = 2, HEARERS = 2, VISITS = 300, ALERTS = 1000 };

typedef struct speech {
    unsigned speaker;
    unsigned number;
    unsigned negated; /* so that half a message is seen */
} speech;

EM_PUBSUB_TYPE(speeches, speech, 2);
EM_PUBSUB_TYPE(alerts, unsigned long, 2);

static speeches all_hear;
static alerts some_miss;
static speeches_subscriber ears[HEARERS];
static alerts_subscriber watchman;
static unsigned long heard[HEARERS], alerts_had, alerts_missed;
static int32_t unfinished = SPEAKERS + HEARERS + 2;
static int32_t given;

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
        while (alerts_had + alerts_missed < ALERTS) {
            AWAIT(alerts_next_message(&self->next, &watchman));
            alerts_missed += self->next.out.lagged;
            alerts_had += self->next.out.lagged == 0;
        }
        finished();
    }
}

void broadcast_start(void)
{
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

void broadcast_event(void)
{
    int32_t number = __atomic_fetch_add(&given, 1, __ATOMIC_RELAXED);
    if (number < ALERTS) {
        alerts_publish_immediate(&some_miss, (unsigned long)number);
    }
}

void broadcast_finish(void)
{
    while (__atomic_load_n(&given, __ATOMIC_RELAXED) < ALERTS) {
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
    check(alerts_had + alerts_missed == ALERTS, "alerts were lost or had twice");
}

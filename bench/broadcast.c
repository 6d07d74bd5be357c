/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What reaches many: operations with one subscriber that does not wait, and round trips between two tasks.
 *
 * Flow: one task, each object alone;  then a: publish, wait -> b: wait, publish -> a
 */
#include "bench.h"

#include <em/async.h>

EM_PUBSUB_TYPE(news, uint32_t, 4);
EM_WATCH_TYPE(latest, uint32_t);

static news paper, paper_there, paper_back;
static news_subscriber reader;
static latest level, level_there, level_back;
static latest_receiver receiver;
static em_multi_waker bell, bell_there, bell_back;
static bool rung_there, rung_back;
static em_signal ended;

enum {
    TRY_PUBLISH, TRY_NEXT, PUBLISH, NEXT, PUBLISH_IMMEDIATE, PINGPONG_PUBSUB,
    WATCH_SEND, WATCH_TRY_GET, WATCH_TRY_CHANGED, WATCH_GET, WATCH_CHANGED, PINGPONG_WATCH,
    MULTI_WAKE, MULTI_WAIT, PINGPONG_MULTI,
};

static bench_row rows[] = {
    [TRY_PUBLISH] = {.name = "pubsub_try_publish"},
    [TRY_NEXT] = {.name = "pubsub_try_next"},
    [PUBLISH] = {.name = "pubsub_publish"},
    [NEXT] = {.name = "pubsub_next"},
    [PUBLISH_IMMEDIATE] = {.name = "pubsub_publish_immediate"},
    [PINGPONG_PUBSUB] = {.name = "pingpong_pubsub"},
    [WATCH_SEND] = {.name = "watch_send"},
    [WATCH_TRY_GET] = {.name = "watch_try_get"},
    [WATCH_TRY_CHANGED] = {.name = "watch_try_changed"},
    [WATCH_GET] = {.name = "watch_get"},
    [WATCH_CHANGED] = {.name = "watch_changed"},
    [PINGPONG_WATCH] = {.name = "pingpong_watch"},
    [MULTI_WAKE] = {.name = "multi_waker_wake"},
    [MULTI_WAIT] = {.name = "multi_waker_wait"},
    [PINGPONG_MULTI] = {.name = "pingpong_multi_waker"},
};

static void try_pubsub(uint32_t value)
{
    news_result got;
    int published;
    int read;

    BENCH_OF(&rows[TRY_PUBLISH], published = news_try_publish(&paper, value));
    BENCH_OF(&rows[TRY_NEXT], read = news_try_next_message(&reader, &got));
    EM_ASSERT(published == EM_OK && read == EM_OK && got.message == value);
    BENCH_OF(&rows[PUBLISH_IMMEDIATE], news_publish_immediate(&paper, value));
    EM_ASSERT(news_try_next_message(&reader, &got) == EM_OK);
}

static void try_watch(uint32_t sent)
{
    uint32_t got = 0;
    int err;

    BENCH_OF(&rows[WATCH_SEND], latest_send(&level, sent));
    BENCH_OF(&rows[WATCH_TRY_CHANGED], err = latest_try_changed(&receiver, &got));
    EM_ASSERT(err == EM_OK && got == sent);
    BENCH_OF(&rows[WATCH_TRY_GET], err = latest_try_get(&receiver, &got));
    EM_ASSERT(err == EM_OK && got == sent);
}

static bool has_happened(void *arg)
{
    return *(volatile bool *)arg;
}

TASK(alone, VARS(news_publish_future publish; news_next_message_future next; latest_get_future get;
                 latest_changed_future changed; em_multi_waker_wait_future wait; unsigned i))
{
    static bool happened = true;
    ASYNC {
        news_subscribe(&reader, &paper);
        latest_receiver_init(&receiver, &level);
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_pubsub(self->i);
            BENCH_OF(&rows[PUBLISH], AWAIT(news_publish(&self->publish, &paper, self->i)));
            BENCH_OF(&rows[NEXT], AWAIT(news_next_message(&self->next, &reader)));
            EM_ASSERT(self->next.out.message == self->i);
            try_watch(self->i);
            latest_send(&level, self->i);
            BENCH_OF(&rows[WATCH_CHANGED], AWAIT(latest_changed(&self->changed, &receiver)));
            BENCH_OF(&rows[WATCH_GET], AWAIT(latest_get(&self->get, &receiver)));
            BENCH_OF(&rows[MULTI_WAKE], em_multi_waker_wake(&bell));
            BENCH_OF(&rows[MULTI_WAIT], AWAIT(em_multi_waker_wait(&self->wait, &bell, has_happened, &happened)));
        }
        em_signal_set(&ended);
    }
}

TASK(pubsub_a, VARS(news_subscriber mine; news_publish_future publish; news_next_message_future next; unsigned i))
{
    ASYNC {
        news_subscribe(&self->mine, &paper_back);
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(news_publish(&self->publish, &paper_there, self->i));
            AWAIT(news_next_message(&self->next, &self->mine));
            BENCH_SAMPLE(&rows[PINGPONG_PUBSUB], BENCH_COUNT);
            EM_ASSERT(self->next.out.message == self->i);
        }
        em_signal_set(&ended);
    }
}

TASK(pubsub_b, VARS(news_subscriber mine; news_publish_future publish; news_next_message_future next))
{
    ASYNC {
        news_subscribe(&self->mine, &paper_there);
        for (;;) {
            AWAIT(news_next_message(&self->next, &self->mine));
            AWAIT(news_publish(&self->publish, &paper_back, self->next.out.message));
        }
    }
}

TASK(watch_a, VARS(latest_receiver mine; latest_changed_future changed; unsigned i))
{
    ASYNC {
        latest_receiver_init(&self->mine, &level_back);
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            latest_send(&level_there, self->i);
            AWAIT(latest_changed(&self->changed, &self->mine));
            BENCH_SAMPLE(&rows[PINGPONG_WATCH], BENCH_COUNT);
            EM_ASSERT(self->changed.out == self->i);
        }
        em_signal_set(&ended);
    }
}

TASK(watch_b, VARS(latest_receiver mine; latest_changed_future changed))
{
    ASYNC {
        latest_receiver_init(&self->mine, &level_there);
        for (;;) {
            AWAIT(latest_changed(&self->changed, &self->mine));
            latest_send(&level_back, self->changed.out);
        }
    }
}

TASK(multi_a, VARS(em_multi_waker_wait_future wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            rung_there = true;
            em_multi_waker_wake(&bell_there);
            AWAIT(em_multi_waker_wait(&self->wait, &bell_back, has_happened, &rung_back));
            rung_back = false;
            BENCH_SAMPLE(&rows[PINGPONG_MULTI], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(multi_b, VARS(em_multi_waker_wait_future wait))
{
    ASYNC {
        for (;;) {
            AWAIT(em_multi_waker_wait(&self->wait, &bell_there, has_happened, &rung_there));
            rung_there = false;
            rung_back = true;
            em_multi_waker_wake(&bell_back);
        }
    }
}

/* b first, so that it waits when a begins. */
MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, alone());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, pubsub_b());
        em_must_spawn(self->spawner, pubsub_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, watch_b());
        em_must_spawn(self->spawner, watch_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, multi_b());
        em_must_spawn(self->spawner, multi_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        BENCH_END(rows);
    }
}

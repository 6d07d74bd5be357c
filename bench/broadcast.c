/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What reaches many: operations with one subscriber that does not wait, and round trips between two tasks.
 *
 * Flow: one task, each object alone;  then a: publish, wait -> b: wait, publish -> a
 */
#include "bench.h"

#include <em/async.h>

EM_PUBSUB_TYPE(news, uint32_t, 4);

static news paper, paper_there, paper_back;
static news_subscriber reader;
static em_signal ended;

enum { TRY_PUBLISH, TRY_NEXT, PUBLISH, NEXT, PUBLISH_IMMEDIATE, PINGPONG_PUBSUB };

static bench_row rows[] = {
    [TRY_PUBLISH] = {.name = "pubsub_try_publish"},
    [TRY_NEXT] = {.name = "pubsub_try_next"},
    [PUBLISH] = {.name = "pubsub_publish"},
    [NEXT] = {.name = "pubsub_next"},
    [PUBLISH_IMMEDIATE] = {.name = "pubsub_publish_immediate"},
    [PINGPONG_PUBSUB] = {.name = "pingpong_pubsub"},
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

TASK(alone, VARS(news_publish_future publish; news_next_message_future next; unsigned i))
{
    ASYNC {
        news_subscribe(&reader, &paper);
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_pubsub(self->i);
            BENCH_OF(&rows[PUBLISH], AWAIT(news_publish(&self->publish, &paper, self->i)));
            BENCH_OF(&rows[NEXT], AWAIT(news_next_message(&self->next, &reader)));
            EM_ASSERT(self->next.out.message == self->i);
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
        BENCH_END(rows);
    }
}

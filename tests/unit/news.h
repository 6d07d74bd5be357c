/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A queue of four messages with its subscribers, and what they have to read, for the tests of publish and subscribe. */
#pragma once

#include "waiters.h"

#include <em/pubsub.h>

EM_PUBSUB_TYPE(news, uint32_t, 4);

static news n4;
static news_subscriber s4[WAITERS];
static waiters w;

/* The next thing that s has to read is this message. */
static inline bool reads(news_subscriber *s, uint32_t message)
{
    news_result out = {.lagged = 7};
    return news_try_next_message(s, &out) == EM_OK && out.lagged == 0 && out.message == message;
}

static inline bool has_missed(news_subscriber *s, uint64_t missed)
{
    news_result out = {.message = 7};
    return news_try_next_message(s, &out) == EM_OK && out.lagged == missed && out.message == 7;
}

static inline bool has_nothing(news_subscriber *s)
{
    news_result out = {.lagged = 7, .message = 8};
    return news_try_next_message(s, &out) == EM_ERR_AGAIN && out.lagged == 7 && out.message == 8;
}

static inline bool woken(unsigned i, unsigned times)
{
    test_run();
    return w.runner[i].wakes == times;
}

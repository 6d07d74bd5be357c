/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Watches of several types; of one of them, its receivers, and tasks that wait at them, for the tests of watches. */
#pragma once

#include "waiters.h"

#include <em/watch.h>

typedef struct pair {
    uint8_t first;
    uint8_t second;
} pair;

EM_WATCH_TYPE(level, uint8_t);
EM_WATCH_TYPE(both, pair);
EM_WATCH_TYPE(pointer, const pair *);

static level l;
static level_receiver r[WAITERS];
static level_get_future get[WAITERS];
static level_changed_future changed[WAITERS];
static level_get_and_future get_and[WAITERS];
static level_changed_and_future changed_and[WAITERS];
static waiters w;

static inline void begin(void)
{
    waiters_begin(&w);
    l = (level){0};
    for (unsigned i = 0; i < WAITERS; i++) {
        level_receiver_init(&r[i], &l);
    }
}

static inline bool above(const uint8_t *value, void *limit)
{
    return *value > *(const uint8_t *)limit;
}

static uint8_t five = 5;

/* Waits, polled once. */
static inline bool ask_get(unsigned i)
{
    waiters_start(&w, i, &level_get(&get[i], &r[i])->future);
    return runner_poll(&w.runner[i]);
}

static inline bool ask_changed(unsigned i)
{
    waiters_start(&w, i, &level_changed(&changed[i], &r[i])->future);
    return runner_poll(&w.runner[i]);
}

static inline bool ask_get_above(unsigned i, uint8_t *limit)
{
    waiters_start(&w, i, &level_get_and(&get_and[i], &r[i], above, limit)->future);
    return runner_poll(&w.runner[i]);
}

static inline bool ask_changed_above(unsigned i, uint8_t *limit)
{
    waiters_start(&w, i, &level_changed_and(&changed_and[i], &r[i], above, limit)->future);
    return runner_poll(&w.runner[i]);
}

static inline bool changed_to(unsigned i, uint8_t value)
{
    uint8_t out;
    return level_try_changed(&r[i], &out) == EM_OK && out == value;
}

static inline bool unchanged(unsigned i)
{
    uint8_t out = 99;
    return level_try_changed(&r[i], &out) == EM_ERR_AGAIN && out == 99;
}

static inline bool woken(unsigned i, unsigned times)
{
    test_run();
    return w.runner[i].wakes == times;
}

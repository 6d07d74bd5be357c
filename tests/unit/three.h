/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A priority channel of three numbers, the greatest first, for the tests of priority channels. */
#pragma once

#include "test.h"

#include <em/priority_channel.h>

EM_PRIORITY_CHANNEL_TYPE(three, uint32_t, 3, EM_MAX_FIRST);

static three c;

static inline bool fill(uint32_t a, uint32_t b, uint32_t d)
{
    return three_try_send(&c, a) == EM_OK && three_try_send(&c, b) == EM_OK && three_try_send(&c, d) == EM_OK;
}

/* The next value is this one. */
static inline bool gives(uint32_t value)
{
    uint32_t out = ~value;
    return three_try_receive(&c, &out) == EM_OK && out == value;
}

static inline bool is_value(const uint32_t *value, void *arg)
{
    return *value == *(uint32_t *)arg;
}

static inline bool remove_value(uint32_t value)
{
    return three_remove_if(&c, is_value, &value) == 1;
}

static inline bool is_any(const uint32_t *value, void *arg)
{
    (void)value;
    (void)arg;
    return true;
}

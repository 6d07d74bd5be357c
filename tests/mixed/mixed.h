/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the two images agree on. */
#pragma once

#include <em/shared_ring.h>

enum { ENTRIES = 16, SMALL_HART = 0, BIG_HART = 1 };

typedef struct message {
    uint32_t from; /* logical number of a big hart */
    uint32_t number;
    uint64_t square; /* the answer */
} message;

extern char __shared_start[], __shared_end[]; /* regions.ld */

static inline size_t half(void)
{
    return (size_t)(__shared_end - __shared_start) / 2;
}

/* To the small hart, and back. */
static inline void *to_small(void)
{
    return __shared_start;
}

static inline void *to_big(void)
{
    return __shared_start + half();
}

/* Of the image that comes first: start the other. */
void let_the_others_go(void);

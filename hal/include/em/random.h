/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Random bytes from the hardware's noise. Boards that have a generator (jh7110).
 *
 * Flow: em_random_fill -> hal/<board>/random.c -> the generator's interrupt -> em_wake -> ready
 *
 * Rules for random bytes:
 *  - Each is given once. None is kept here that was given.
 *  - Any number of tasks may ask, on any hart; they are served in turn, some bytes at a time.
 */
#pragma once

#include <em/wait_list.h>

/* Storage of em_random_fill(). */
typedef struct em_random_fill_future {
    em_future future;
    em_wait_node node;
    uint8_t *buf;
    size_t len;
    size_t done;
    int out;
} em_random_fill_future;

extern const em_future_ops em_random_fill_ops;

/**
 * Awaitable: @p buf is full of random bytes.
 *
 * out: @p len, or an error.
 * Context: task; before main(): em_block_on()
 * Shapes:  @p buf: @p len bytes, up to INT_MAX, borrowed until ready or dropped; len 0 is ready at once
 * Errors:  EM_ERR_IO  the generator fails its own tests again and again; @p buf is not to be used
 * Cancel:  the bytes that are in @p buf are lost
 * Cost:    one interrupt for each 32 bytes
 */
static inline em_random_fill_future *em_random_fill(em_random_fill_future *f, void *buf, size_t len)
{
    f->future.ops = &em_random_fill_ops;
    em_wait_node_init(&f->node);
    f->buf = (uint8_t *)buf;
    f->len = len;
    f->done = 0;
    return f;
}

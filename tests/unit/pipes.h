/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A pipe of four bytes, and tasks that read and write it, for the tests of pipes. */
#pragma once

#include "waiters.h"

#include <em/pipe.h>
#include <string.h>

static uint8_t bytes[4];
static em_pipe pipe;
static em_pipe_read_future rd[WAITERS];
static em_pipe_fill_buf_future fb[WAITERS] __attribute__((unused));
static em_pipe_write_future wr[WAITERS];
static uint8_t buf[WAITERS][16];
static waiters r, w;

static inline void begin(void)
{
    waiters_begin(&r);
    waiters_begin(&w);
    pipe = (em_pipe)EM_PIPE_INIT(bytes, sizeof bytes);
    memset(buf, 0, sizeof buf);
}

/* Start one, and poll it once. */
static inline bool reads(unsigned i, size_t len)
{
    waiters_start(&r, i, &em_pipe_read(&rd[i], &pipe, buf[i], len)->future);
    return runner_poll(&r.runner[i]);
}

static inline bool borrows(unsigned i)
{
    waiters_start(&r, i, &em_pipe_fill_buf(&fb[i], &pipe)->future);
    return runner_poll(&r.runner[i]);
}

static inline bool writes(unsigned i, const char *text)
{
    waiters_start(&w, i, &em_pipe_write(&wr[i], &pipe, text, strlen(text))->future);
    return runner_poll(&w.runner[i]);
}

static inline bool writes_all(unsigned i, const char *text)
{
    waiters_start(&w, i, &em_pipe_write_all(&wr[i], &pipe, text, strlen(text))->future);
    return runner_poll(&w.runner[i]);
}

static inline int try_write(const char *text)
{
    return em_pipe_try_write(&pipe, text, strlen(text));
}

/* What can be read at once, up to 8 bytes, is this. */
static inline bool try_read_is(const char *text)
{
    char got[9] = {0};
    int n = em_pipe_try_read(&pipe, got, 8);
    return n == (*text ? (int)strlen(text) : EM_ERR_AGAIN) && strcmp(got, text) == 0;
}

static inline bool got_is(unsigned i, const char *text)
{
    return rd[i].out == (int)strlen(text) && memcmp(buf[i], text, strlen(text)) == 0;
}

static inline bool lent_is(unsigned i, const char *text)
{
    return fb[i].out.len == strlen(text) && memcmp(fb[i].out.data, text, strlen(text)) == 0;
}

/* Woken so often since the test began. */
static inline bool woken(unsigned reader, unsigned reads_of_it, unsigned writer, unsigned writes_of_it)
{
    test_run();
    return r.runner[reader].wakes == reads_of_it && w.runner[writer].wakes == writes_of_it;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The pipe against a model: a list of bytes, who waits to read, who waits to write, whose turn it is, what is
 * lent. Any order of reads, loans, writes, tries, clears and cancels.
 */
#include "waiters.h"

#include <em/pipe.h>
#include <string.h>

enum { CAPACITY = 5, LONGEST = 12, STEPS = 40 };

static uint8_t bytes[CAPACITY];
static em_pipe pipe;
static em_pipe_read_future rd[WAITERS];
static em_pipe_fill_buf_future fb[WAITERS];
static em_pipe_write_future wr[WAITERS];
static uint8_t got[WAITERS][LONGEST], given[WAITERS][LONGEST];
static bool borrows[WAITERS];
static waiters r, w;

/* The model: what is in the pipe, oldest first, and before it what is lent. */
static uint8_t lent[CAPACITY], stream[CAPACITY];
static size_t lent_length, length, used; /* used: room that is not free */
static size_t left[WAITERS];             /* of a write, to be written */
static bool cleared;
static int reader, writer;   /* whose turn it is, or -1; LENDER: who has the loan */
static uint8_t next_byte;
enum { NOBODY = -1, LENDER = WAITERS };

static void begin(void)
{
    waiters_begin(&r);
    waiters_begin(&w);
    pipe = (em_pipe)EM_PIPE_INIT(bytes, sizeof bytes);
    lent_length = length = used = 0;
    cleared = false;
    reader = writer = NOBODY;
}

static void model_serve(void)
{
    if (length > 0 && reader == NOBODY && r.count > 0) {
        reader = (int)waiters_hand_over(&r);
    }
    if (used < CAPACITY && writer == NOBODY && w.count > 0) {
        writer = (int)waiters_hand_over(&w);
    }
}

static void model_remove(size_t n)
{
    length -= n;
    memmove(stream, stream + n, length);
}

/* i waits, before all others. */
static void wait_first(waiters *x, unsigned i)
{
    memmove(x->queue + 1, x->queue, x->count * sizeof x->queue[0]);
    x->queue[0] = i;
    x->count++;
}

/* -- reading ---------------------------------------------------------------------------------------- */

static void model_lend(void)
{
    size_t at = (size_t)(fb[0].out.data - bytes); /* set by the caller */
    lent_length = length < CAPACITY - at ? length : CAPACITY - at;
    memcpy(lent, stream, lent_length);
    model_remove(lent_length);
    cleared = false;
    reader = LENDER;
}

static bool expect_loan(em_pipe_bytes out)
{
    fb[0].out = out;
    model_lend();
    EXPECT(out.len == lent_length && memcmp(out.data, lent, lent_length) == 0);
    return true;
}

static bool expect_read(const uint8_t *buf, int out, size_t len)
{
    size_t n = len < length ? len : length;
    EXPECT(out == (int)n && memcmp(buf, stream, n) == 0);
    model_remove(n);
    used -= n;
    return true;
}

static bool step_read(unsigned i, size_t len, bool borrow)
{
    bool fresh = !waiters_pending(&r, i);
    if (fresh) {
        borrows[i] = borrow;
        waiters_start(&r, i, borrow ? &em_pipe_fill_buf(&fb[i], &pipe)->future
                                    : &em_pipe_read(&rd[i], &pipe, got[i], len)->future);
    }
    bool has_turn = reader == (int)i || (fresh && reader == NOBODY && r.count == 0);
    bool ready = has_turn && length > 0;
    EXPECT(runner_poll(&r.runner[i]) == ready);
    if (reader == (int)i) {
        reader = NOBODY;
        r.handed[i] = false;
        if (!ready) {
            wait_first(&r, i);
        }
    } else if (fresh && !ready) {
        waiters_queue(&r, i);
    }
    if (ready) {
        EXPECT(borrows[i] ? expect_loan(fb[i].out) : expect_read(got[i], rd[i].out, rd[i].len));
    }
    model_serve();
    return true;
}

static bool step_try_read(size_t len, bool borrow)
{
    uint8_t buf[LONGEST];
    em_pipe_bytes out;
    bool may = length > 0 && reader == NOBODY && r.count == 0;
    if (borrow) {
        EXPECT(em_pipe_try_fill_buf(&pipe, &out) == (may ? EM_OK : EM_ERR_AGAIN));
        EXPECT(!may || expect_loan(out));
    } else {
        int n = em_pipe_try_read(&pipe, buf, len);
        EXPECT(may ? expect_read(buf, n, len) : n == EM_ERR_AGAIN);
    }
    model_serve();
    return true;
}

static void step_consume(size_t n)
{
    if (reader != LENDER) {
        return;
    }
    n %= lent_length + 1;
    em_pipe_consume(&pipe, n);
    size_t rest = cleared ? 0 : lent_length - n;
    memmove(stream + rest, stream, length);
    memcpy(stream, lent + n, rest);
    length += rest;
    used = cleared ? used - lent_length : used - n;
    lent_length = 0;
    reader = NOBODY;
}

/* What lies between a loan and the writers is no room before the loan is over. */
static size_t cleared_behind_loan;

static void step_clear(void)
{
    em_pipe_clear(&pipe);
    if (reader == LENDER) {
        cleared = true;
        cleared_behind_loan += length;
    } else {
        used -= length;
    }
    length = 0;
}

/* -- writing ---------------------------------------------------------------------------------------- */

static size_t model_write(const uint8_t *from, size_t n)
{
    n = n < CAPACITY - used ? n : CAPACITY - used;
    memcpy(stream + length, from, n);
    length += n;
    used += n;
    return n;
}

static const uint8_t *fresh_bytes(uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = next_byte++;
    }
    return to;
}

static bool step_write(unsigned i, size_t len, bool all)
{
    bool fresh = !waiters_pending(&w, i);
    if (fresh) {
        const uint8_t *from = fresh_bytes(given[i], len);
        waiters_start(&w, i, all ? &em_pipe_write_all(&wr[i], &pipe, from, len)->future
                                 : &em_pipe_write(&wr[i], &pipe, from, len)->future);
        left[i] = len;
    }
    bool has_turn = writer == (int)i || (fresh && writer == NOBODY && w.count == 0 && used < CAPACITY);
    if (has_turn) {
        left[i] -= model_write(given[i] + wr[i].len - left[i], left[i]);
    }
    bool ready = has_turn && (!wr[i].all || left[i] == 0);
    EXPECT(runner_poll(&w.runner[i]) == ready && wr[i].written == wr[i].len - left[i]);
    EXPECT(!ready || wr[i].out == (int)wr[i].written);
    if (has_turn) {
        writer = writer == (int)i ? NOBODY : writer;
        w.handed[i] = false;
        if (!ready) {
            wait_first(&w, i);
        }
    } else if (fresh) {
        waiters_queue(&w, i);
    }
    model_serve();
    return true;
}

static bool step_try_write(size_t len, bool all)
{
    uint8_t from[LONGEST];
    bool may = used < CAPACITY && writer == NOBODY && w.count == 0;
    fresh_bytes(from, len);
    int n = all ? em_pipe_try_write_all(&pipe, from, len) : em_pipe_try_write(&pipe, from, len);
    if (all && len > CAPACITY) {
        EXPECT(n == EM_ERR_NOSPC);
    } else if (!may || (all && len > CAPACITY - used)) {
        EXPECT(n == EM_ERR_AGAIN);
    } else {
        EXPECT(n == (int)model_write(from, len));
    }
    model_serve();
    return true;
}

/* -- schedules -------------------------------------------------------------------------------------- */

static void step_cancel(waiters *x, unsigned i, int *turn)
{
    if (!waiters_pending(x, i)) {
        return;
    }
    runner_drop(&x->runner[i]);
    waiters_unqueue(x, i);
    if (*turn == (int)i) {
        x->handed[i] = false;
        *turn = NOBODY;
    }
    model_serve();
}

static bool step(unsigned i, size_t len, uint32_t kind, bool flag)
{
    switch (kind) {
    case 0:
    case 1:
        return step_write(i, len, flag);
    case 2:
    case 3:
        return step_read(i, len, flag);
    case 4:
        step_cancel(&w, i, &writer);
        return true;
    case 5:
        step_cancel(&r, i, &reader);
        return true;
    case 6:
        return step_try_write(len, flag);
    case 7:
        return step_try_read(len, flag);
    case 8:
    case 9:
        step_consume(len);
        break;
    default:
        step_clear();
    }
    if (reader != LENDER) {
        used -= cleared_behind_loan;
        cleared_behind_loan = 0;
    }
    model_serve();
    return true;
}

static bool agree(void)
{
    EXPECT(waiters_agree(&r) && waiters_agree(&w));
    EXPECT(em_pipe_len(&pipe) == length && em_pipe_free(&pipe) == CAPACITY - used);
    EXPECT(em_pipe_is_full(&pipe) == (used == CAPACITY) && em_pipe_is_empty(&pipe) == (length == 0));
    return true;
}

/* After any schedule: the pipe works as a fresh one does. */
static bool drain(void)
{
    uint8_t buf[CAPACITY];
    step(0, lent_length, 8, false);
    for (unsigned i = 0; i < WAITERS; i++) {
        step_cancel(&w, i, &writer);
        step_cancel(&r, i, &reader);
    }
    EXPECT(length == 0 || step_try_read(CAPACITY, false));
    EXPECT(em_pipe_try_write(&pipe, "abcdef", 6) == CAPACITY && em_pipe_is_full(&pipe));
    EXPECT(em_pipe_try_read(&pipe, buf, CAPACITY) == CAPACITY && memcmp(buf, "abcde", CAPACITY) == 0);
    return true;
}

static bool random_schedule(uint64_t *random)
{
    begin();
    cleared_behind_loan = 0;
    for (unsigned n = 0; n < STEPS; n++) {
        unsigned i = em_test_random(random) % WAITERS;
        size_t len = 1 + em_test_random(random) % (em_test_random(random) % 4 ? 4 : LONGEST);
        uint32_t kind = em_test_random(random) % 44 / 4; /* a clear is as rare as the rest */
        EXPECT(step(i, len, kind, em_test_random(random) % 2));
        EXPECT(agree());
    }
    return drain();
}

static void any_schedule_agrees_with_the_model(void)
{
    CHECK(test_schedules(100000, random_schedule));
}

static const em_test tests[] = {
    TEST(any_schedule_agrees_with_the_model),
};

int main(void)
{
    RUN_TESTS(tests);
}

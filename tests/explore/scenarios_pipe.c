/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The pipe between harts: copies that others come in between, writes that must stay together, loans, and readers
 * and writers that are cancelled when it is their turn.
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/pipe.h>
#include <string.h>

enum { CAPACITY = 3, MOST = 16 };

static union {
    em_pipe_read_future read;
    em_pipe_fill_buf_future fill;
    em_pipe_write_future write;
    em_pipe_wait_full_future full;
} ops[USERS];

static uint8_t bytes[CAPACITY];
static em_pipe pipe;
static char buf[USERS][MOST];
static char seen[MOST + 1]; /* in the order of the reads */
static const char *text[USERS];

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    pipe = (em_pipe)EM_PIPE_INIT(bytes, sizeof bytes);
    memset(bytes, '?', sizeof bytes);
    memset(buf, 0, sizeof buf);
    memset(seen, 0, sizeof seen);
}

static void start(unsigned n, em_poll (*body)(user *u, em_context *cx), const char *to_write, unsigned hart)
{
    text[n] = to_write;
    users_start(n, body, hart);
}

static void note(const char *from, size_t n)
{
    explore_check(strlen(seen) + n <= MOST);
    strncat(seen, from, n);
}

/* Read until the pipe is drained of all that is written in this scenario; one wakes after the other. */
static em_poll read_body(user *u, em_context *cx)
{
    for (;;) {
        if (!u->op) {
            u->op = &em_pipe_read(&ops[u->number].read, &pipe, buf[u->number], 2)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        note(buf[u->number], (size_t)ops[u->number].read.out);
        u->count++;
    }
}

/* As read_body, but it lets others run while it has the loan, and takes one byte of it. */
static void give_back(user *u)
{
    if (u->has) {
        em_pipe_consume(&pipe, 0);
    }
}

static em_poll loan_body(user *u, em_context *cx)
{
    u->give_back = give_back;
    if (u->has) {
        em_pipe_bytes lent = ops[u->number].fill.out;
        note((const char *)lent.data, 1);
        u->has = false;
        em_pipe_consume(&pipe, 1);
        u->count++;
    }
    if (!u->op) {
        u->op = &em_pipe_fill_buf(&ops[u->number].fill, &pipe)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->has = true;
    return users_yield(u);
}

static em_poll write_of(user *u, em_context *cx, bool all)
{
    em_pipe_write_future *w = &ops[u->number].write;
    if (!u->op) {
        const char *from = text[u->number];
        u->op = all ? &em_pipe_write_all(w, &pipe, from, strlen(from))->future
                    : &em_pipe_write(w, &pipe, from, strlen(from))->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    u->count += (unsigned)w->out;
    return EM_READY;
}

static em_poll write_all_body(user *u, em_context *cx)
{
    return write_of(u, cx, true);
}

static em_poll write_body(user *u, em_context *cx)
{
    return write_of(u, cx, false);
}

static em_poll full_body(user *u, em_context *cx)
{
    if (!u->op) {
        u->op = &em_pipe_wait_full(&ops[u->number].full, &pipe)->future;
    }
    return users_await(u, cx) ? EM_READY : EM_PENDING;
}

static void try_write(uintptr_t c)
{
    char byte = (char)c;
    if (em_pipe_try_write(&pipe, &byte, 1) == 1) {
        users[3].count++;
    }
    explore_point("written"); /* others may come before what an interrupt interrupted goes on */
}

static void try_read(uintptr_t n)
{
    char got[CAPACITY];
    int read = em_pipe_try_read(&pipe, got, n);
    if (read > 0) {
        note(got, (size_t)read);
    }
}

static void clear(uintptr_t unused)
{
    (void)unused;
    em_pipe_clear(&pipe);
}

static bool is_idle(void)
{
    return pipe.taken == 0 && pipe.placed == 0 && pipe.takers == 0 && pipe.placers == 0 && pipe.lent == 0;
}

/* Two write all, one reads; an interrupt's write comes anywhere, but not in between. */
static void pipe_setup(void)
{
    reset();
    start(0, read_body, NULL, 0);
    start(1, write_all_body, "abcde", 1);
    start(2, write_all_body, "AB", 0);
    users_run(2);
    explore_hart(2, try_write, 'x');
}

static void pipe_quiet(void)
{
    world_quiet();
    explore_check(users[1].life.ended && users[2].life.ended && strlen(seen) == 7 + users[3].count);
    explore_check(strstr(seen, "abcde") && strstr(seen, "AB"));
    explore_check(pipe.length == 0 && is_idle() && pipe.readers.first != NULL && pipe.writers.first == NULL);
}

static void note_the_rest(void)
{
    char got[CAPACITY];
    int rest = em_pipe_try_read(&pipe, got, sizeof got);
    note(got, rest > 0 ? (size_t)rest : 0);
}

/* While bytes are copied out, an interrupt writes: not where they are. */
static void pipe_copy_out_setup(void)
{
    reset();
    explore_check(em_pipe_try_write(&pipe, "abc", 3) == 3);
    explore_hart(0, try_read, 2);
    explore_hart(1, try_read, 1);
    explore_interrupt(0, 0, try_write, 'd', 1);
    explore_interrupt(1, 0, try_write, 'e', 1);
}

static void pipe_copy_out_quiet(void)
{
    world_quiet();
    note_the_rest();
    explore_check(is_idle() && strchr(seen, 'a') && strchr(seen, 'b') && strchr(seen, 'c'));
}

/* While bytes are copied in, an interrupt writes, and others read: not what is not there yet. */
static void pipe_copy_in_setup(void)
{
    reset();
    explore_hart(0, try_write, 'a');
    explore_hart(1, try_read, 2);
    explore_hart(2, try_read, 2);
    explore_interrupt(0, 0, try_write, 'b', 1);
}

static void pipe_copy_in_quiet(void)
{
    world_quiet();
    note_the_rest();
    explore_check(is_idle() && strlen(seen) == 2 && strchr(seen, 'a') && strchr(seen, 'b'));
}

/* Two readers in turn; the first is cancelled, perhaps when it was woken. */
static void pipe_cancel_reader_setup(void)
{
    reset();
    start(0, read_body, NULL, 0);
    world_settle();
    start(1, read_body, NULL, 1);
    world_settle();
    users_run(2);
    explore_hart(2, try_write, 'a');
    explore_hart(3, users_cancel, 0);
}

static void pipe_cancel_reader_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && strcmp(seen, "a") == 0 && is_idle());
}

/* Two writers wait, one of them in the middle of a write_all that is cancelled: what it says is true. */
static void pipe_cancel_writer_setup(void)
{
    reset();
    start(0, write_all_body, "abcd", 0);
    world_settle();
    start(1, write_body, "x", 1);
    world_settle();
    users_run(2);
    explore_hart(2, try_read, 2);
    explore_hart(3, users_cancel, 0);
}

static void pipe_cancel_writer_quiet(void)
{
    world_quiet();
    note_the_rest();
    explore_check(users[0].life.ended && users[1].life.ended && is_idle());
    explore_check(strcmp(seen, users[0].count == 4 ? "abcdx" : "abcx") == 0);
}

/* A full pipe, a writer that waits, a reader that keeps its loan for a while. */
static void pipe_loan_setup(void)
{
    reset();
    explore_check(em_pipe_try_write(&pipe, "abc", 3) == 3);
    start(0, loan_body, NULL, 0);
    start(1, write_all_body, "de", 1);
    start(2, read_body, NULL, 1);
    users_run(2);
}

static void pipe_loan_quiet(void)
{
    world_quiet();
    explore_check(users[1].life.ended && strlen(seen) == 5 && strspn(seen, "abcde") == 5 && is_idle());
    for (const char *c = "abcde"; *c; c++) { /* each once: who reads first need not note first */
        explore_check(strchr(seen, *c) != NULL);
    }
}

/* The same, and whoever has the loan is cancelled: it gives it back. */
static void pipe_loan_cancel_setup(void)
{
    pipe_loan_setup();
    explore_hart(3, users_cancel, 0);
}

/* A clear comes anywhere: whoever writes goes on, nothing is read that was not written. */
static void pipe_clear_setup(void)
{
    reset();
    start(0, loan_body, NULL, 0);
    start(1, write_all_body, "abcde", 1);
    users_run(2);
    explore_hart(2, clear, 0);
}

static void pipe_clear_quiet(void)
{
    world_quiet();
    explore_check(users[1].life.ended && is_idle() && pipe.length == 0);
    const char *at = seen;
    for (const char *c = "abcde"; *c; c++) { /* in order, some left out */
        at += at[0] == *c;
    }
    explore_check(*at == '\0');
}

/* Two wait until it is full. */
static void pipe_full_setup(void)
{
    reset();
    start(0, full_body, NULL, 0);
    start(1, full_body, NULL, 1);
    explore_check(em_pipe_try_write(&pipe, "ab", 2) == 2);
    users_run(2);
    explore_hart(2, try_write, 'c');
}

static void pipe_full_quiet(void)
{
    world_quiet();
    explore_check(users_ended() == 2 && em_pipe_is_full(&pipe) && pipe.watchers.first == NULL);
}

const explore_scenario scenarios_pipe[] = {
    {"pipe", pipe_setup, pipe_quiet},
    {"pipe_copy_out", pipe_copy_out_setup, pipe_copy_out_quiet},
    {"pipe_copy_in", pipe_copy_in_setup, pipe_copy_in_quiet},
    {"pipe_cancel_reader", pipe_cancel_reader_setup, pipe_cancel_reader_quiet},
    {"pipe_cancel_writer", pipe_cancel_writer_setup, pipe_cancel_writer_quiet},
    {"pipe_loan", pipe_loan_setup, pipe_loan_quiet},
    {"pipe_loan_cancel", pipe_loan_cancel_setup, pipe_loan_quiet},
    {"pipe_clear", pipe_clear_setup, pipe_clear_quiet},
    {"pipe_full", pipe_full_setup, pipe_full_quiet},
    {NULL, NULL, NULL},
};

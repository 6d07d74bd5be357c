/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a task waits for: the chain of its frames, and the future at the end of it.
 *
 * What is shown may change or end meanwhile, and its storage be used anew (ONE_OF): so each pointer is looked at before
 * it is followed, and only what is static in the image is read.
 *
 * Flow: dump.c -> em_dump_waits_ -> em_await_line_;  kinds -> say_…
 */
#include "dump.h"

#include <em/dump.h>
#include <em/executor.h>
#include <em/frame.h>
#include <em/irq.h>
#include <em/join.h>
#include <em/select.h>
#include <em/select_fair.h>
#include <em/ticker.h>
#include <em/timeout.h>
#include <em/try_join.h>
#include <em/uart.h>

#define SHOWN_MAX 64 /* futures of a task; who goes round in circles comes to an end here */
#define DEPTH_MAX 4  /* of arms in arms: a panic's stack is small */

typedef struct walk {
    em_sink *out;
    const em_task *task;
    int depth; /* of arms in arms */
    int left;  /* futures that may still be shown */
} walk;

static void say_chain(walk *w, const em_future *f);
static bool is_frame(walk *w, const em_future *f, const em_future_ops *ops);
static const em_future *say_frame(walk *w, const em_future *f, const em_future_ops *ops, const char *file);

/* -- what may be read ------------------------------------------------------------------------------- */

extern const char __executable_start[], _end[]; /* the linker's, or sections.ld's */

static bool is_in_image(const void *p, size_t bytes)
{
    uintptr_t at = (uintptr_t)p;
    return at >= (uintptr_t)__executable_start && at < (uintptr_t)_end && (uintptr_t)_end - at >= bytes;
}

bool em_dump_is_static_(const void *p, size_t bytes)
{
    return (uintptr_t)p % sizeof(void *) == 0 && is_in_image(p, bytes);
}

/* The operations of a future, or NULL: it is none. */
static const em_future_ops *ops_of(const em_future *f)
{
    const em_future_ops *ops = em_dump_is_static_(f, sizeof *f) ? em_future_ops_(f) : NULL;
    return ops && em_dump_is_static_(ops, sizeof *ops) && is_in_image(ops->name, 1) ? ops : NULL;
}

/* Of an async function. */
static const char *file_of(const em_future_ops *ops)
{
    return ((const em_fn_type *)(const void *)ops)->file;
}

/* -- kinds of futures --------------------------------------------------------------------------------- */

static void indent(const walk *w)
{
    em_format_(w->out, "%*s", 2 * w->depth, "");
}

void em_dump_time_(em_sink *out, uint64_t ticks)
{
    uint64_t us = em_duration_as_us((em_duration){ticks});
    em_format_(out, "%llu.%06u s", (unsigned long long)(us / 1000000), (unsigned)(us % 1000000));
}

static void say_until(walk *w, uint64_t at)
{
    if (at == EM_INSTANT_MAX.ticks) {
        em_format_(w->out, " until never\n");
        return;
    }
    em_format_(w->out, " until ");
    em_dump_time_(w->out, at);
    em_format_(w->out, "\n");
}

static void say_timer(walk *w, const em_future *f)
{
    say_until(w, ((const em_timer *)(const void *)f)->at);
}

static void say_arm(walk *w, const em_future *arm)
{
    const em_future_ops *ops = ops_of(arm);

    w->depth++;
    if (w->depth > 1 + DEPTH_MAX) {
        indent(w);
        em_format_(w->out, "...\n");
    } else if (is_frame(w, arm, ops)) {
        say_chain(w, say_frame(w, arm, ops, file_of(ops)));
    } else {
        indent(w);
        em_format_(w->out, arm ? "" : "done\n");
        say_chain(w, arm);
    }
    w->depth--;
}

/* Of select, join and try_join, where the arms are some words apart. */
static void say_arms(walk *w, const void *arms, unsigned count, size_t distance)
{
    em_format_(w->out, "\n");
    if (count > SHOWN_MAX || !em_dump_is_static_(arms, count * distance)) {
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        say_arm(w, *(const em_future *const *)(const void *)((const char *)arms + i * distance));
    }
}

static void say_select(walk *w, const em_future *f)
{
    const em_select *s = (const em_select *)(const void *)f;
    say_arms(w, s->arms, s->count, sizeof *s->arms);
}

static void say_try_join(walk *w, const em_future *f)
{
    const em_try_join *j = (const em_try_join *)(const void *)f;
    say_arms(w, j->arms, j->count, sizeof *j->arms);
}

_Static_assert(offsetof(em_join, arms) == offsetof(em_select, arms) && offsetof(em_select_fair, arms) ==
               offsetof(em_select, arms) && offsetof(em_try_arm, future) == 0, "one function for all");

static void say_timeout(walk *w, const em_future *f)
{
    const em_timeout *t = (const em_timeout *)(const void *)f;
    say_until(w, t->timer.at);
    say_arm(w, t->inner);
}

static void say_pointer(walk *w, const void *object)
{
    em_format_(w->out, " on %p\n", object);
}

static void say_uart(walk *w, const em_future *f)
{
    say_pointer(w, ((const em_uart_read_future *)(const void *)f)->uart);
}

_Static_assert(offsetof(em_uart_write_future, uart) == offsetof(em_uart_read_future, uart) &&
               offsetof(em_uart_flush_future, uart) == offsetof(em_uart_read_future, uart), "one function for all");

static void say_task_wait(walk *w, const em_future *f)
{
    const em_task *t = ((const em_task_join *)(const void *)f)->handle.task;
    const em_future *root = em_dump_is_static_(t, sizeof *t) ? (const em_future *)(const void *)(t + 1) : NULL;
    const em_future_ops *ops = root ? ops_of(root) : NULL;
    em_format_(w->out, " for %.40s at %p\n", ops ? ops->name : "?", (const void *)t);
}

static void say_interrupt(walk *w, const em_future *f)
{
    const em_interrupt *irq = ((const em_interrupt_wait *)(const void *)f)->irq;
    if (em_dump_is_static_(irq, sizeof *irq)) {
        em_format_(w->out, " %u", (unsigned)irq->source);
    }
    em_format_(w->out, "\n");
}

/* The usual future of sync/: a node that waits in a list, or may, then what the list belongs to. */
typedef struct usual_wait {
    em_future future;
    em_wait_node node;
    const void *object;
} usual_wait;

static void say_other(walk *w, const em_future *f)
{
    const usual_wait *u = (const usual_wait *)(const void *)f;
    if (em_dump_is_static_(u, sizeof *u) && ((uintptr_t)u->node.waker.task & ~(uintptr_t)1) == (uintptr_t)w->task &&
        em_dump_is_static_(u->node.next, sizeof u->node) && em_dump_is_static_(u->object, sizeof(void *))) {
        say_pointer(w, u->object);
    } else {
        em_format_(w->out, "\n");
    }
}

/* Of what the program does not have, the address is 0. In a table, read as it stands there: code at a high address
 * cannot hold one that may be 0. */
#pragma weak em_timer_ops
#pragma weak em_ticker_ops
#pragma weak em_select_ops
#pragma weak em_select_fair_ops
#pragma weak em_first_ops
#pragma weak em_join_ops
#pragma weak em_try_join_ops
#pragma weak em_timeout_ops
#pragma weak em_uart_read_ops
#pragma weak em_uart_write_ops
#pragma weak em_uart_flush_ops
#pragma weak em_task_join_ops
#pragma weak em_interrupt_wait_ops

static const struct kind {
    const em_future_ops *volatile ops;
    void (*say)(walk *w, const em_future *f);
} kinds[] = {
    {&em_timer_ops, say_timer},          {&em_ticker_ops, say_timer},
    {&em_select_ops, say_select},        {&em_select_fair_ops, say_select},
    {&em_first_ops, say_select},         {&em_join_ops, say_select},
    {&em_try_join_ops, say_try_join},    {&em_timeout_ops, say_timeout},
    {&em_uart_read_ops, say_uart},       {&em_uart_write_ops, say_uart},
    {&em_uart_flush_ops, say_uart},      {&em_task_join_ops, say_task_wait},
    {&em_interrupt_wait_ops, say_interrupt},
};

static void say_leaf(walk *w, const em_future *f, const em_future_ops *ops)
{
    for (const struct kind *k = kinds; k < kinds + sizeof kinds / sizeof *kinds; k++) {
        if (k->ops == ops) {
            k->say(w, f);
            return;
        }
    }
    say_other(w, f);
}

/* -- frames ------------------------------------------------------------------------------------------- */

/* Its line, but for what it awaits, which is returned; NULL: it awaits nothing, and the line is whole. */
static const em_future *say_frame(walk *w, const em_future *f, const em_future_ops *ops, const char *file)
{
    const em_frame *frame = (const em_frame *)(const void *)f;
    unsigned line = em_await_line_(frame);

    indent(w);
    em_format_(w->out, "%.40s", ops->name);
    if (line == 0) {
        em_format_(w->out, frame->pc == EM_PC_START ? ", not begun\n" : ", ending\n");
        return NULL;
    }
    em_format_(w->out, ", %s:%u: ", is_in_image(file, 1) ? file : "?", line);
    if (!frame->awaiting) {
        em_format_(w->out, "yield\n");
    }
    return frame->awaiting;
}

/* No other future has this drop. */
static bool is_frame(walk *w, const em_future *f, const em_future_ops *ops)
{
    return ops && ops->drop == em_frame_drop && em_dump_is_static_(f, sizeof(em_frame)) && w->left-- > 0;
}

/* The rest of a line, and those below it; NULL: it is whole, and there are none. */
static void say_chain(walk *w, const em_future *f)
{
    while (f) {
        const em_future_ops *ops = ops_of(f);

        em_format_(w->out, "%.40s", ops ? ops->name : "?");
        if (ops && w->left-- > 0 && ops->drop != em_frame_drop) {
            say_leaf(w, f, ops);
            return;
        }
        em_format_(w->out, "\n");
        f = is_frame(w, f, ops) ? say_frame(w, f, ops, file_of(ops)) : NULL;
    }
}

void em_dump_waits_(em_sink *out, const em_task *t, const em_task_type *type)
{
    const em_future *root = (const em_future *)(const void *)(t + 1);
    walk w = {.out = out, .task = t, .depth = 1, .left = SHOWN_MAX};

    if (type->ops.drop == em_frame_drop) {
        say_chain(&w, say_frame(&w, root, &type->ops, type->file));
    } else {
        indent(&w);
        em_format_(out, "%s", type->ops.name);
        say_leaf(&w, root, &type->ops);
    }
}

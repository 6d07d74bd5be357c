/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The macros are sugar: each task here has a twin that is written without them, and both leave the same
 * trace of polls, pends and drops.
 */
#include "fake_port.h"
#include "late.h"

/* -- with the language ------------------------------------------------------------------------------ */

ASYNC_FN(int, add_late, ARGS((int, a), (int, b)), VARS(late l))
{
    ASYNC_TRY {
        AWAIT(late_value(&self->l, 1, 0));
        RETURN(self->a + self->b);
    }
    FINALLY {
        em_trace(CANCELLED ? "add-cancelled" : "add-done");
    }
}

TASK(sugared, ARGS((probe *, p), (int, n)), VARS(struct add_late add))
{
    ASYNC {
        em_trace("begin");
        AWAIT(watch(self->p));
        YIELD();
        AWAIT_INTO(self->n, add_late(&self->add, self->n, 1));
        em_trace_number("n", (unsigned)self->n);
        AWAIT(watch(self->p));
    }
}

/* -- without: states by number, storage by hand ------------------------------------------------------ */

typedef struct plain_add {
    em_future future;
    int state;
    int out;
    int a;
    int b;
    late l;
} plain_add;

static em_poll plain_add_poll(em_future *f, em_context *cx)
{
    plain_add *add = (plain_add *)(void *)f;
    if (add->state == 0) {
        late_value(&add->l, 1, 0);
        add->state = 1;
    }
    if (!em_future_poll(&add->l.future, cx).ready) {
        return EM_PENDING;
    }
    add->out = add->a + add->b;
    em_trace("add-done");
    return EM_READY;
}

static void plain_add_drop(em_future *f)
{
    plain_add *add = (plain_add *)(void *)f;
    if (add->state == 1) {
        em_future_drop(&add->l.future);
        em_trace("add-cancelled");
    }
}

static const em_future_ops plain_add_ops = {plain_add_poll, plain_add_drop, "plain_add"};

typedef struct plain_frame {
    em_future future;
    int state;
    int n;
    probe *p;
    plain_add add;
} plain_frame;

static em_poll plain_poll(em_future *f, em_context *cx)
{
    plain_frame *self = (plain_frame *)(void *)f;
    switch (self->state) {
    case 0:
        em_trace("begin");
        self->state = 1;
        /* fall through */
        __attribute__((fallthrough));
    case 1:
        if (!em_future_poll(&self->p->future, cx).ready) {
            return EM_PENDING;
        }
        self->state = 2;
        em_wake(em_context_waker(cx));
        return EM_PENDING;
    case 2:
        self->add = (plain_add){.future = {&plain_add_ops}, .a = self->n, .b = 1};
        self->state = 3;
        /* fall through */
        __attribute__((fallthrough));
    case 3:
        if (!em_future_poll(&self->add.future, cx).ready) {
            return EM_PENDING;
        }
        self->n = self->add.out;
        em_trace_number("n", (unsigned)self->n);
        self->state = 4;
        /* fall through */
        __attribute__((fallthrough));
    default:
        return em_future_poll(&self->p->future, cx);
    }
}

static void plain_drop(em_future *f)
{
    plain_frame *self = (plain_frame *)(void *)f;
    if (self->state == 1 || self->state == 4) {
        em_future_drop(&self->p->future);
    } else if (self->state == 3) {
        em_future_drop(&self->add.future);
    }
}

static struct {
    em_task task;
    plain_frame frame;
} slot;
static const em_task_type plain_type = {.ops = {plain_poll, plain_drop, "plain"},
                                        .slots = &slot.task,
                                        .slot_bytes = sizeof slot,
                                        .count = 1,
                                        .header_bytes = sizeof(em_task)};

static em_spawn_token plain(probe *p, int n)
{
    em_task *t = em_task_claim_(&plain_type, &slot.task, 1);
    if (!t) {
        return em_token_of_full_pool_(&plain_type);
    }
    slot.frame.future.ops = &plain_type.ops;
    slot.frame.p = p;
    slot.frame.n = n;
    return em_token_of_slot_(t);
}

/* -- the same life for both ------------------------------------------------------------------------- */

/* Cancelled after `polls` batches, or never. */
static bool live(em_spawn_token token, em_task *task, probe *p, unsigned polls)
{
    em_task_handle handle;
    EXPECT(em_spawn_handle(test_spawner(), token, &handle) == EM_OK);
    EXPECT(handle.task == task);
    for (unsigned i = 0; i < 8; i++) {
        if (i == polls) {
            em_task_cancel(handle);
        }
        em_executor_poll(&test_executor);
        em_trace("|");
        if (i == 1 || i == 5) {
            probe_fire(p);
        }
        if (i == 3) {
            p->fired = false;
        }
    }
    EXPECT(em_task_ended(handle));
    return true;
}

/* By the number of batches before it is cancelled. */
static const char *const traces[] = {
    "pend | | | | | | | |",
    "pend begin p | pend ~p | pend | | | | pend | |",
    "pend begin p | | pend ~p | | | | pend | |",
    "pend begin p | | pend p! pend | | | | pend | |",
    "pend begin p | | pend p! pend | pend | add-cancelled | | pend | |",
    "pend begin p | | pend p! pend | pend | add-done n42 p | pend ~p | pend | |",
    "pend begin p | | pend p! pend | pend | add-done n42 p | | pend ~p | |",
    "pend begin p | | pend p! pend | pend | add-done n42 p | | pend p! | |",
};

static void both_leave_the_same_trace(void)
{
    test_begin();
    fake_port_traces_pends = 1;
    for (unsigned polls = 0; polls < sizeof traces / sizeof traces[0]; polls++) {
        probe p;
        probe_init(&p, 'p');
        CHECK(live(plain(&p, 41), &slot.task, &p, polls));
        CHECK_TRACE(traces[polls]);
        probe_init(&p, 'p');
        CHECK(live(sugared(&p, 41), &sugared__pool[0].task, &p, polls));
        CHECK_TRACE(traces[polls]);
    }
    fake_port_traces_pends = 0;
}

/* -- yielding by polls, and polling by yields --------------------------------------------------------- */

TASK(by_yield, ARGS((const char *, name)), POOL(2), VARS(unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < 3; self->i++) {
            em_trace_number(self->name, self->i);
            YIELD();
        }
    }
}

typedef struct counting {
    em_future future;
    const char *name;
    unsigned i;
} counting;

static em_poll counting_poll(em_future *f, em_context *cx)
{
    counting *c = (counting *)(void *)f;
    if (c->i == 3) {
        return EM_READY;
    }
    em_trace_number(c->name, c->i++);
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}

static const em_future_ops counting_ops = {.poll = counting_poll, .name = "counting"};

static counting *count(counting *c, const char *name)
{
    *c = (counting){{&counting_ops}, name, 0};
    return c;
}

TASK(by_poll, ARGS((const char *, name)), POOL(2), VARS(counting c))
{
    ASYNC {
        AWAIT(count(&self->c, self->name));
    }
}

static void tasks_interleave_alike_by_yield_and_by_poll(void)
{
    test_begin();
    em_must_spawn(test_spawner(), by_yield("a"));
    em_must_spawn(test_spawner(), by_yield("b"));
    test_run();
    CHECK_TRACE("a0 b0 a1 b1 a2 b2");
    em_must_spawn(test_spawner(), by_poll("a"));
    em_must_spawn(test_spawner(), by_poll("b"));
    test_run();
    CHECK_TRACE("a0 b0 a1 b1 a2 b2");
    em_must_spawn(test_spawner(), by_poll("a"));
    em_must_spawn(test_spawner(), by_yield("b"));
    test_run();
    CHECK_TRACE("a0 b0 a1 b1 a2 b2");
}

int main(void)
{
    static const em_test tests[] = {
        TEST(both_leave_the_same_trace),
        TEST(tasks_interleave_alike_by_yield_and_by_poll),
    };
    RUN_TESTS(tests);
}

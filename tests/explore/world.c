/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The explored machine's port, and the checks that every scenario makes:
 *
 *  - a task is polled by its own executor only, spawned, not after its end, and never twice at once;
 *  - the pender is called exactly as often as the queue became non-empty, and never before;
 *  - in the end nothing is queued, and each task has been polled after the last event that woke it.
 *
 * Flow: executor/ -> em_port_pend, em_port_idle, world_changed -> here
 */
#include "world.h"

#include <em/port.h>
#include <em/priority.h>
#include <string.h>

enum { MAX_LEVEL_EXECUTORS = 2 };

typedef struct slot_frame {
    em_future future;
    life *life;
} slot_frame;

typedef struct slot {
    em_task task;
    slot_frame frame;
} slot;

typedef struct watched {
    em_executor *executor;
    unsigned hart;
    bool in_interrupt;
    unsigned interrupt;
    unsigned edges;
    unsigned pends;
} watched;

static slot slots[WORLD_SLOTS];
static slot pool_slots[WORLD_POOL];
static em_pool pool;
static em_executor level_executors[MAX_LEVEL_EXECUTORS];
static unsigned level_executor_count;
static watched watch[EM_CFG_MAX_HARTS + MAX_LEVEL_EXECUTORS];
static unsigned watch_count;
static life *lives;

/* -- the port ------------------------------------------------------------------------------------- */

static watched *watched_of(const em_executor *e)
{
    for (watched *w = watch; w < watch + watch_count; w++) {
        if (w->executor == e) {
            return w;
        }
    }
    explore_fail(__FILE__, __LINE__, "no such executor");
}

void em_port_pend(em_executor *e)
{
    watched *w = watched_of(e);
    w->pends++;
    explore_check(w->pends <= w->edges);
    if (w->in_interrupt) {
        explore_raise(w->interrupt);
    } else if (w->hart != em_arch_hart()) {
        explore_ipi(w->hart);
    }
}

void em_port_idle(em_executor *e)
{
    watched *w = watched_of(e);
    explore_check(!w->in_interrupt && w->hart == em_arch_hart());
    explore_sleep();
}

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    explore_fail(file, line, what ? what : "assertion failed");
}

unsigned em_hart_count(void)
{
    return EM_CFG_MAX_HARTS;
}

void world_changed(const void *word, uintptr_t before, uintptr_t after)
{
    for (watched *w = watch; w < watch + watch_count; w++) {
        if (word == &w->executor->tail) {
            w->edges += before == 0;
        }
    }
    (void)after;
}

/* -- tasks ---------------------------------------------------------------------------------------- */

static em_poll slot_poll(em_future *f, em_context *cx)
{
    life *l = ((slot_frame *)(void *)f)->life;

    explore_check(em_task_root(cx) == f);
    explore_check(cx->state & EM_TASK_SPAWNED_);
    explore_check(l->home == *em_this_executor_());
    explore_check(em_running_task() == cx);
    explore_check(!l->polling && !l->ended);
    l->polling = true;
    l->polls++;
    l->seen = l->events;
    explore_point("poll");
    em_poll p = l->body(l, cx);
    explore_point(p.ready ? "ready" : "pending");
    l->polling = false;
    l->ended = p.ready != 0;
    return p;
}

static void slot_drop(em_future *f)
{
    life *l = ((slot_frame *)(void *)f)->life;

    explore_check(l->home == *em_this_executor_());
    explore_check(!l->polling && !l->ended);
    l->polling = true;
    explore_point("drop");
    if (l->on_drop) {
        l->on_drop(l);
    }
    l->polling = false;
    l->ended = true;
    l->dropped = true;
}

#define SLOT_TYPE(first, in_pool, n)                                                                          \
    {                                                                                                         \
        .ops = {slot_poll, slot_drop, "slot"}, .slots = &(first)->task, .pool = (in_pool), .count = (n),      \
        .slot_bytes = sizeof(slot), .pool_bytes = (n) * sizeof(slot)                                          \
    }

static const em_task_type types[WORLD_SLOTS] = {SLOT_TYPE(&slots[0], NULL, 1), SLOT_TYPE(&slots[1], NULL, 1),
                                                SLOT_TYPE(&slots[2], NULL, 1), SLOT_TYPE(&slots[3], NULL, 1)};
static const em_task_type pool_type = SLOT_TYPE(pool_slots, &pool, WORLD_POOL);

static bool spawn(em_task *t, const em_task_type *type, life *l, em_executor *home, em_task_handle *out)
{
    em_spawn_token token = {(intptr_t)t};
    em_spawner spawner = {home};

    if (!t) {
        return false;
    }
    slot_frame *frame = (slot_frame *)(void *)em_task_root(t);
    frame->future.ops = &type->ops;
    frame->life = l;
    explore_check(!l->home);
    l->home = home;
    l->waker = (em_waker){t};
    l->next = lives;
    lives = l;
    explore_check((out ? em_spawn_handle(spawner, token, out) : em_spawn(spawner, token)) == EM_OK);
    return true;
}

bool world_spawn(unsigned n, life *l, em_executor *home)
{
    return spawn(em_task_claim_(&types[n], types[n].slots, 1), &types[n], l, home, NULL);
}

bool world_spawn_handle(unsigned n, life *l, em_executor *home, em_task_handle *out)
{
    return spawn(em_task_claim_(&types[n], types[n].slots, 1), &types[n], l, home, out);
}

bool world_spawn_in_pool(life *l, em_executor *home)
{
    return spawn(em_task_claim_(&pool_type, pool_type.slots, WORLD_POOL), &pool_type, l, home, NULL);
}

em_waker world_waker(unsigned n)
{
    return (em_waker){&slots[n].task};
}

void world_event(life *l)
{
    l->events++;
    em_wake(l->waker);
}

void world_settle(void)
{
    for (watched *w = watch; w < watch + watch_count; w++) {
        while (!em_executor_is_idle(w->executor)) {
            em_executor_poll(w->executor);
        }
    }
}

void world_request(em_executor *e, void (*service)(em_executor *))
{
    watched_of(e)->edges++; /* it pends too */
    em_executor_request_(e, service);
}

/* -- harts ---------------------------------------------------------------------------------------- */

void world_run_executor(uintptr_t hart)
{
    em_executor_run(world_executor((unsigned)hart));
}

static void poll_level_executor(uintptr_t e)
{
    em_executor_poll((em_executor *)e);
}

em_executor *world_level_executor(unsigned hart, unsigned level)
{
    em_executor *e = &level_executors[level_executor_count++];
    unsigned interrupt = explore_interrupt(hart, level, poll_level_executor, (uintptr_t)e, 0);
    watch[watch_count++] = (watched){.executor = e, .hart = hart, .in_interrupt = true, .interrupt = interrupt};
    explore_name(&e->head, "level%u.head", level);
    explore_name(&e->tail, "level%u.tail", level);
    return e;
}

static void name_task(const em_task *t, const char *name, unsigned n)
{
    explore_name(&t->state, "%s%u.state", name, n);
    explore_name(&t->next, "%s%u.next", name, n);
    explore_name(&t->executor, "%s%u.executor", name, n);
}

void world_reset(void)
{
    memset(slots, 0, sizeof slots);
    memset(pool_slots, 0, sizeof pool_slots);
    memset(&pool, 0, sizeof pool);
    memset(em_thread_executors_, 0, sizeof em_thread_executors_);
    memset(em_current_executor_, 0, sizeof em_current_executor_);
    memset(level_executors, 0, sizeof level_executors);
#ifdef PRIORITIES
    memset(em_turns_, 0, sizeof em_turns_);
#endif
    level_executor_count = 0;
    watch_count = 0;
    lives = NULL;
    for (unsigned h = 0; h < EM_CFG_MAX_HARTS; h++) {
        watch[watch_count++] = (watched){.executor = world_executor(h), .hart = h};
        explore_name(&world_executor(h)->head, "executor%u.head", h);
        explore_name(&world_executor(h)->tail, "executor%u.tail", h);
    }
    for (unsigned n = 0; n < WORLD_SLOTS; n++) {
        name_task(&slots[n].task, "task", n);
    }
    for (unsigned n = 0; n < WORLD_POOL; n++) {
        name_task(&pool_slots[n].task, "pooled", n);
    }
}

void world_quiet(void)
{
    for (watched *w = watch; w < watch + watch_count; w++) {
        explore_check(w->pends == w->edges);
        explore_check(w->executor->tail == NULL && w->executor->head == NULL);
        explore_check(w->executor->running == NULL);
    }
    for (unsigned n = 0; n < WORLD_SLOTS; n++) {
        explore_check(!(slots[n].task.state & EM_TASK_QUEUED_));
    }
    for (life *l = lives; l; l = l->next) {
        explore_check(!l->polling);
        explore_check(l->ended || (l->polls > 0 && l->seen == l->events));
    }
}

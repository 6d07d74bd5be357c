/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The books of what is linked, and what they tell of mistakes. Only with the option `checks`.
 *
 * Invariant: a node is in the books if and only if it is in a list or a heap, but for the instructions of the one who
 * links or unlinks it, and for those that came when the books were full.
 *
 * Flow: timers, wait lists, joins -> em_check_link_, em_check_unlink_;  AWAIT, polls, ends of tasks -> failed
 */
#include "check_report.h"
#include "poll.h"

#include <em/check.h>

#if EM_CFG_CHECKS

#define LINKS_MAX (64 + 64 * EM_CFG_MAX_HARTS) /* more than that are not watched */

typedef struct link {
    const em_check_kind *kind;
    const void *node;
    em_task *task; /* who is woken, or NULL */
    em_executor *executor;
    const em_place *place; /* of its await, or NULL */
    uint32_t poll;         /* of that task: in which it was last polled */
    uint32_t generation;
} link;

static em_lock lock;
static link links[LINKS_MAX];
static unsigned count;
static bool was_full;
static uintptr_t stack_of_poll[EM_CFG_MAX_HARTS]; /* where the poll that runs began; 0: none */

/* -- reports ---------------------------------------------------------------------------------------- */

/* @p task does something wrong with what @p l is about. */
static _Noreturn void accuse(const em_task *task, const char *what, const link *l)
{
    em_check_text t;
    em_check_begin_(&t, task, what);
    em_check_add_(&t, ": ");
    em_check_add_(&t, l->kind->name);
    if (l->task) {
        em_check_add_(&t, " that ");
        em_check_add_task_(&t, l->task);
        em_check_add_(&t, " awaits");
    }
    if (l->place) {
        em_check_add_(&t, " at ");
        em_check_add_place_(&t, l->place->file, l->place->line);
    }
    em_check_panic_(task, &t);
}

/* -- the books, with the lock ------------------------------------------------------------------------ */

/* The latest first: who waits for a short time is found soon. */
static link *find(const void *node)
{
    for (unsigned i = count; i-- > 0;) {
        if (links[i].node == node) {
            return &links[i];
        }
    }
    return NULL;
}

/* Does its task wait for it still? Who has been polled since, without polling this, waits for something else. */
static bool is_awaited(const link *l)
{
    return l->task && l->task->generation == l->generation && l->task->polls == l->poll;
}

static void fill(link *l, const em_check_kind *kind, const void *node, em_task *task)
{
    *l = (link){.kind = kind, .node = node, .task = task};
    if (task) {
        l->executor = task->executor;
        l->place = em_check_place_(task);
        l->poll = task->polls;
        l->generation = task->generation;
    }
}

static bool is_on_stack(const void *node)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return (uintptr_t)node > here && (uintptr_t)node < stack_of_poll[em_arch_hart()];
}

/* Release the lock, and report: a copy, for others go on. */
static _Noreturn void accuse_release(const em_task *task, const char *what, const link *l, em_irq irq)
{
    link copy = *l;
    em_lock_release(&lock, irq);
    accuse(task, what, &copy);
}

/* Where it is noticed says nothing of who did it. */
static void check_intact(const link *l, em_irq irq)
{
    if (!l->kind->intact(l->node, l->task)) {
        accuse_release(l->task, "overwritten while it was linked", l, irq);
    }
}

/* It is about to be awaited by a task: not by another one than before? */
static void check_owner(const link *l, const em_task *task, em_irq irq)
{
    if (!task || !l->task || l->task == task) {
        return;
    }
    if (l->kind->is_local && l->executor != task->executor) {
        accuse_release(em_running_task(), "awaits what is another executor's", l, irq);
    }
    if (is_awaited(l)) {
        accuse_release(em_running_task(), "awaits what another task awaits", l, irq);
    }
}

/* -- nodes ------------------------------------------------------------------------------------------ */

/* Whoever links has its waker, with a line in the books or without. */
static void count_waker(em_task *task)
{
    if (task) {
        task->wakers++;
    }
}

void em_check_link_(const em_check_kind *kind, const void *node, em_task *task)
{
    em_irq irq = em_lock_acquire(&lock);
    link *l = find(node);
    if (l) {
        accuse_release(em_running_task(), "constructs anew what is linked", l, irq);
    }
    if (is_on_stack(node)) {
        link it = {.kind = kind};
        accuse_release(em_running_task(), "waits with what is on its stack", &it, irq);
    }
    if (count < LINKS_MAX) {
        fill(&links[count++], kind, node, task);
    } else {
        was_full = true;
    }
    count_waker(task);
    em_lock_release(&lock, irq);
}

void em_check_relink_(const em_check_kind *kind, const void *node, em_task *task)
{
    em_irq irq = em_lock_acquire(&lock);
    link *l = find(node);
    if (!l && !was_full) {
        link it = {.kind = kind};
        accuse_release(em_running_task(), "polls what was copied, or never constructed", &it, irq);
    }
    if (l) {
        check_owner(l, task, irq);
        fill(l, kind, node, task);
    }
    count_waker(task);
    em_lock_release(&lock, irq);
}

void em_check_local_(const void *node)
{
    em_irq irq = em_lock_acquire(&lock);
    const link *l = find(node);
    if (l && l->executor && l->executor != *em_this_executor_()) {
        accuse_release(em_running_task(), "drops what is another executor's", l, irq);
    }
    em_lock_release(&lock, irq);
}

void em_check_linked_(const void *node)
{
    em_irq irq = em_lock_acquire(&lock);
    const link *l = find(node);
    if (l) {
        check_intact(l, irq);
    }
    em_lock_release(&lock, irq);
}

void em_check_unlink_(const void *node)
{
    em_check_linked_(node);
    em_irq irq = em_lock_acquire(&lock);
    link *l = find(node);
    if (l) {
        *l = links[--count];
    }
    em_lock_release(&lock, irq);
}

void em_check_forget_(void)
{
    count = 0;
    was_full = false;
}

/* -- storage ---------------------------------------------------------------------------------------- */

void em_check_storage_is_free_(const void *at, size_t bytes, em_task *task, enum em_check_when when)
{
    static const char *const what[] = {[EM_CHECK_READY_] = "ready, but still linked",
                                       [EM_CHECK_DROPPED_] = "dropped, but still linked",
                                       [EM_CHECK_ENDED_] = "ended, but left linked"};
    em_irq irq = em_lock_acquire(&lock);
    for (unsigned i = 0; i < count; i++) {
        const link *l = &links[i];
        if ((uintptr_t)l->node - (uintptr_t)at >= bytes) {
            continue;
        }
        if (when != EM_CHECK_AWAIT_) {
            accuse_release(task, what[when], l, irq);
        }
        if (!l->kind->intact(l->node, l->task)) {
            accuse_release(em_running_task(), "constructs anew what is linked", l, irq);
        }
        check_owner(l, task, irq);
    }
    em_lock_release(&lock, irq);
}

/* What @p t waits for is as it was, though it has run. */
static void check_waits(const em_task *t)
{
    em_irq irq = em_lock_acquire(&lock);
    for (unsigned i = 0; i < count; i++) {
        if (links[i].task == t) {
            check_intact(&links[i], irq);
        }
    }
    em_lock_release(&lock, irq);
}

/* -- futures ---------------------------------------------------------------------------------------- */

em_poll em_check_poll_(em_future *f, em_context *cx)
{
    const em_task *runs = em_running_task();
    if (em_future_is_done_(f)) {
        em_check_failed_(runs, "polls again what was ready already", em_future_ops_(f)->name);
    }
    if (cx && runs && cx != runs) {
        em_check_failed_(runs, "polls in the name of another task", f->ops->name);
    }
    em_poll result = f->ops->poll(f, cx);
    if (result.ready && cx) {
        f->ops = (const em_future_ops *)((uintptr_t)f->ops | EM_FUTURE_DONE_);
    }
    return result;
}

void em_check_drop_(em_future *f)
{
    if (em_future_is_done_(f)) {
        em_check_failed_(em_running_task(), "drops what was ready already", em_future_ops_(f)->name);
    }
    if (f->ops->drop) {
        f->ops->drop(f);
    }
}

em_waker em_check_waker_(em_context *cx)
{
    if (cx) {
        cx->wakers++;
    }
    return (em_waker){cx};
}

/* -- tasks ------------------------------------------------------------------------------------------ */

em_spawn_token em_check_spawn_(em_spawn_token token, const char *file, unsigned line)
{
    if (token.word <= 0) {
        return token;
    }
    em_task *t = (em_task *)token.word;
    bool has_ended = t->generation != token.generation;
    if (has_ended || (em_atomic_load(&t->state) & EM_TASK_SPAWNED_)) {
        em_check_text words;
        em_check_begin_(&words, t, has_ended ? "spawned twice, and has ended since the first time" : "spawned twice");
        if (!has_ended && t->spawned_in) {
            em_check_add_(&words, ", first at ");
            em_check_add_place_(&words, t->spawned_in, t->spawned_at);
        }
        em_port_panic(words.chars, file, line);
    }
    t->type = em_task_type_of(t);
    t->spawned_in = file;
    t->spawned_at = line;
    return token;
}

em_poll em_poll_checked_(em_task *t)
{
    uintptr_t *stack = &stack_of_poll[em_arch_hart()];
    uintptr_t outer_stack = *stack;
    bool was_enabled = em_irq_enabled();
    em_limited_poll outer = em_limit_begin_(t);

    *stack = (uintptr_t)__builtin_frame_address(0);
    t->place = NULL;
    t->polls++;
#if EM_CFG_STATS
    em_poll result = em_poll_counted_(t);
#else
    em_poll result = em_future_poll(em_task_root(t), t);
#endif
    *stack = outer_stack;
    check_waits(t);
    em_limit_end_(outer);
    if (em_irq_enabled() != was_enabled) {
        em_irq_enable();
        em_check_failed_(t, "has yielded with interrupts masked", NULL);
    }
    return result;
}

void em_check_end_(em_task *t)
{
    const em_task_type *type = em_task_type_of(t);
    em_check_storage_is_free_(em_task_root(t), type->slot_bytes - sizeof *t, t, EM_CHECK_ENDED_);
    t->place = t->last = NULL;
}

#endif

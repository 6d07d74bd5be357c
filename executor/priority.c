/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor with priorities: the run queue is emptied into eight lines, and the first of the highest polled next.
 *
 * Linked instead of executor.c's loops, which are weak, into programs that name a priority: by one of the functions
 * here, or by PRIORITY (em/define.h). The lines are on the stack of who polls, so no executor has room for them.
 *
 * Invariant: a task in a line has QUEUED set, as one in a queue. So nobody else dequeues, polls or ends it, and its
 * frame and type stay.
 *
 * Flow: run_queue.h -> collect -> a line -> pick -> the task's poll function;  em_task_set_priority -> regroup
 */
#include "lives.h"
#include "poll.h"
#include "run_queue.h"
#if EM_CFG_DEADLINES
#include "line_edf.h"
#else
#include "line_fifo.h"
#endif

#include <em/assert.h>
#include <em/priority.h>

/* What is ready of one executor and no longer in its queue. */
typedef struct ready {
    em_line_ line[EM_PRIORITIES];
    unsigned long filled; /* bit n: line[n] holds somebody */
    unsigned long top;    /* the highest of these bits */
    uint32_t picks;       /* whose turn it is */
    int32_t regrouped;    /* how many changes the lines have seen */
} ready;

/* How often a queued task was changed, of the executors of each hart. */
static int32_t changes[EM_CFG_MAX_HARTS][EM_HART_LINE_ / 4] EM_HART_ALIGNED_;

uint32_t em_turns_[EM_CFG_MAX_HARTS][EM_TURNS_] EM_HART_ALIGNED_;

/* The state holds how the priority differs from that of the type: so a spawn need not set it, and an end clears it. */
static inline unsigned long priority_of(em_task *t, long state)
{
    return ((unsigned long)state >> EM_TASK_PRIORITY_SHIFT_ ^ em_task_type_of(t)->priority) % EM_PRIORITIES;
}

/* -- lines ----------------------------------------------------------------------------------------- */

/* The highest bit of 0 to 255. Without Zbb the compiler calls a function for it. */
static inline unsigned long highest(unsigned long bits)
{
    static const uint8_t of_four[16] = {0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3};
    return bits < 16 ? of_four[bits] : 4UL + of_four[bits >> 4];
}

static inline void add(ready *r, em_task *t, unsigned long priority)
{
    em_line_ *line = &r->line[priority];
    if (r->filled >> priority & 1) {
        em_line_add_(line, t, false);
    } else {
        em_line_add_(line, t, true);
        r->filled |= 1UL << priority;
        r->top = r->filled == 1UL << priority || priority > r->top ? priority : r->top;
    }
}

static inline em_task *take(ready *r, unsigned long priority)
{
    em_task *t;
    if (em_line_take_(&r->line[priority], &t)) {
        r->filled &= ~(1UL << priority);
        r->top = highest(r->filled);
    }
    return t;
}

/* Each EM_PRIORITY_TURN th: the priority whose turn it is, or the next lower one, or the highest. */
static __attribute__((noinline)) unsigned long in_turn(const ready *r)
{
    unsigned long turn = r->picks / EM_PRIORITY_TURN % EM_PRIORITIES;
    unsigned long up_to = r->filled & ((2UL << turn) - 1);
    return up_to ? highest(up_to) : r->top;
}

static inline em_task *pick(ready *r)
{
    bool is_turn = ++r->picks % EM_PRIORITY_TURN == 0;
    return take(r, __builtin_expect(is_turn, 0) ? in_turn(r) : r->top);
}

/* Ready tasks have changed. Who leaves a line goes behind those in the other one. */
static __attribute__((noinline)) void regroup(ready *r, int32_t seen)
{
    r->regrouped = seen; /* before the look: a change that comes meanwhile is a new one */
    for (unsigned long p = EM_PRIORITIES; p-- > 0;) {
        if (!(r->filled >> p & 1)) {
            continue;
        }
        em_line_ old = r->line[p];
        em_task *t;
        bool was_last;
        r->filled &= ~(1UL << p);
        em_line_sort_(&old);
        do {
            was_last = em_line_take_(&old, &t);
            unsigned long now = priority_of(t, em_atomic_load(&t->state));
            if (now != p) {
                add(r, t, now);
            } else {
                em_line_keep_(&r->line[p], t, !(r->filled >> p & 1));
                r->filled |= 1UL << p;
            }
        } while (!was_last);
    }
    r->top = highest(r->filled);
}

static inline void keep_order(ready *r)
{
    int32_t seen = em_atomic_load(&changes[em_arch_hart()][0]); /* pairs with moved() */
    if (__builtin_expect(seen != r->regrouped, 0)) {
        regroup(r, seen);
    }
}

/* -- from the queue to the lines --------------------------------------------------------------------- */

/* t has no business in e's queue, or has not been polled yet. True: it has. */
static __attribute__((noinline)) bool is_ours(em_executor *e, em_task *t, long state)
{
    if (!(state & EM_TASK_SPAWNED_)) { /* a stale wake */
        if (em_atomic_and(&t->state, ~EM_TASK_QUEUED_) & EM_TASK_SPAWNED_) {
            em_wake((em_waker){t}); /* meanwhile it was spawned, and left to us as it was queued */
        }
        return false;
    }
    em_executor *owner = em_atomic_peek_ptr_((void *const *)&t->executor);
    if (owner == e) {
        return true;
    }
    if (em_run_queue_push_(owner, t)) { /* a stale wake had it in our queue when it was spawned */
        em_port_pend(owner);
    }
    return false;
}

/* The batch from t to last goes to the lines. Returns how many they are. */
static inline unsigned collect(em_executor *e, ready *r, em_task *t, em_task *last)
{
    unsigned count = 0;
    while (t) {
        em_task *next = em_run_queue_next_(t, last);
        long state = em_atomic_load(&t->state);
        bool is_plain = (state & (EM_TASK_SPAWNED_ | EM_TASK_FRESH_)) == EM_TASK_SPAWNED_;
        if (__builtin_expect(is_plain, 1) || is_ours(e, t, state)) {
            add(r, t, priority_of(t, state));
            count++;
        }
        t = next;
    }
    return count;
}

/* Leave the lines to the next poll of e: in front of what has come meanwhile, as their order is the older one. */
static __attribute__((noinline)) void leave(em_executor *e, ready *r)
{
    keep_order(r);
    em_task *first = take(r, r->top);
    em_task *last = first;
    while (r->filled) {
        em_task *t = take(r, r->top);
        em_atomic_poke_ptr_((void **)&last->next, t);
        last = t;
    }

    em_irq irq = em_irq_save();
    em_task *newest;
    em_task *newer = em_run_queue_take_(e, &newest);
    em_atomic_poke_ptr_((void **)&last->next, newer);
    em_task *before = em_atomic_swap_ptr_((void **)&e->tail, newer ? newest : last); /* as in a push */
    em_atomic_store_ptr_(before ? (void **)&before->next : (void **)&e->head, first);
    em_irq_restore(irq);
    if (!before) {
        em_port_pend(e);
    }
}

/* -- the loops --------------------------------------------------------------------------------------- */

/* The lines need no value as long as they are empty. */
static inline void begin(ready *r, uint32_t picks)
{
    r->filled = 0;
    r->picks = picks;
    r->regrouped = em_atomic_load(&changes[em_arch_hart()][0]);
}

static inline __attribute__((always_inline)) void poll_task(em_executor *e, em_task *t)
{
    long state = em_atomic_and(&t->state, ~EM_TASK_QUEUED_); /* from here on a wake queues it again */
    if (__builtin_expect((state & ~EM_TASK_PRIORITY_) == EM_TASK_READY_, 1) || em_resolve_odd_state_(e, t, state)) {
        e->running = t;
        if (em_poll_task_(t).ready) {
            em_trace_(EM_TRACE_TASK_END_, t, 0);
            em_task_finish_(t);
        }
    }
}

/* Poll the one that is next; false if nobody is ready. */
static inline __attribute__((always_inline)) bool poll_next(em_executor *e, ready *r)
{
    em_task *last;
    em_task *t = em_run_queue_take_(e, &last);
    if (t) {
        if (t == last && !r->filled) {
            poll_task(e, t); /* there is nobody to compare it with */
            return true;
        }
        (void)collect(e, r, t, last);
    }
    keep_order(r);
    if (!r->filled) {
        return false;
    }
    poll_task(e, pick(r));
    return true;
}

/* As many polls as there are from t to last. Out of em_executor_poll(), for which one is the rule. */
static __attribute__((noinline)) void poll_several(em_executor *e, em_task *t, em_task *last)
{
    uint32_t *turn = &em_turns_[em_arch_hart()][(uintptr_t)e / sizeof *e % EM_TURNS_];
    ready r;

    begin(&r, *turn);
    for (unsigned budget = collect(e, &r, t, last); budget > 0 && poll_next(e, &r); budget--) {
        em_serve_(e);
    }
    *turn = r.picks;
    if (r.filled) {
        leave(e, &r);
    }
}

void em_executor_poll(em_executor *e)
{
    EM_ASSERT(e->running == NULL);
    em_poll_once_(e, poll_task, poll_several);
}

_Noreturn void em_executor_run(em_executor *e)
{
    ready r;

    *em_this_executor_() = e;
    em_executor_settle_(e);
    begin(&r, 0);
    for (;;) {
        em_serve_(e);
        if (!poll_next(e, &r)) {
            e->running = NULL;
            em_executor_sleep(e);
        }
    }
}

/* -- changes ----------------------------------------------------------------------------------------- */

/* The queued task t has changed. If it is in a line already, its executor sees this before its next pick; and if it
 * is not, it will be collected as it is now. */
static void moved(em_task *t)
{
    unsigned hart = 0;
#if EM_CFG_MAX_HARTS > 1
    em_executor *e = em_atomic_peek_ptr_((void *const *)&t->executor);
    hart = (unsigned)em_atomic_load(&e->hart);
#else
    (void)t;
#endif
    em_atomic_add(&changes[hart][0], 1);
}

/* With em_lives_ held: nobody else changes it, nor ends the task. */
static void change(em_task *t, unsigned p)
{
    long state = em_atomic_load(&t->state);
    int32_t by = (int32_t)(p ^ em_task_type_of(t)->priority) * (1 << EM_TASK_PRIORITY_SHIFT_);
    if (em_atomic_add(&t->state, by - (int32_t)(state & EM_TASK_PRIORITY_)) < 0) {
        moved(t);
    }
}

void em_set_priority(uint8_t p)
{
    em_task *t = em_running_task();
    EM_ASSERT(t != NULL && p < EM_PRIORITIES);
    em_irq irq = em_lock_acquire(&em_lives_);
    change(t, p);
    em_lock_release(&em_lives_, irq);
}

void em_task_set_priority(em_task_handle h, uint8_t p)
{
    EM_ASSERT(p < EM_PRIORITIES);
    em_irq irq = em_lock_acquire(&em_lives_);
    if (em_is_alive_(h)) {
        change(h.task, p);
    }
    em_lock_release(&em_lives_, irq);
}

int em_task_priority(em_task_handle h)
{
    int p = EM_ERR_INVAL;
    em_irq irq = em_lock_acquire(&em_lives_);
    if (em_is_alive_(h)) {
        p = (int)priority_of(h.task, em_atomic_load(&h.task->state));
    }
    em_lock_release(&em_lives_, irq);
    return p;
}

#if EM_CFG_DEADLINES
/* With em_lives_ held. */
static void set_urgency(em_task *t, uintptr_t urgency)
{
    em_atomic_poke_ptr_(&t->urgency, (void *)urgency);
    if (em_atomic_or(&t->state, 0) < 0) {
        moved(t);
    }
}

uintptr_t em_urgency_(void)
{
    em_task *t = em_running_task();
    EM_ASSERT(t != NULL);
    return (uintptr_t)em_atomic_peek_ptr_(&t->urgency);
}

void em_set_urgency_(uintptr_t urgency)
{
    em_task *t = em_running_task();
    EM_ASSERT(t != NULL);
    em_irq irq = em_lock_acquire(&em_lives_);
    set_urgency(t, urgency);
    em_lock_release(&em_lives_, irq);
}

void em_task_set_urgency_(em_task_handle h, uintptr_t urgency)
{
    em_irq irq = em_lock_acquire(&em_lives_);
    if (em_is_alive_(h)) {
        set_urgency(h.task, urgency);
    }
    em_lock_release(&em_lives_, irq);
}
#endif

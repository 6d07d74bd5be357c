/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timer queue: a pairing heap, popped in task context, and the only caller of the alarm.
 *
 * Invariant: in task context, outside this file, the alarm is set for the deadline of `first`, or it has
 * come since and the executor has been asked to pop, which sets it again.
 *
 * Flow: timer.c -> insert -> em_time_driver_set_alarm -> em_time_on_alarm -> pop_due -> em_wake
 */
#include <em/assert.h>
#include <em/level.h>
#include <em/timer.h>
#include <em/poll_limit.h>
#include <em/trace.h>

/* One of the ring of executors of each hart that have had timers. */
static em_executor *with_timers[EM_CFG_MAX_HARTS];

static void pop_due(em_executor *e);

/* Ask those of the ring whose time has come, and set this hart's alarm to the earliest that any other wants. */
static __attribute__((noinline)) void arm_shared(em_executor *ring)
{
    em_irq irq = em_irq_save();
    uint64_t now = em_time_driver_now();
    uint64_t urgency = 0;
    em_executor *e = ring;
    do {
        if (~e->timers.urgency <= now) {
            e->timers.urgency = 0;
            em_executor_request_(e, pop_due);
        }
        urgency = e->timers.urgency > urgency ? e->timers.urgency : urgency;
        e = e->timers.next;
    } while (e != ring);
    em_limit_set_alarm_(~urgency);
    em_irq_restore(irq);
}

static inline void arm(em_executor *e, uint64_t at)
{
    em_trace_(EM_TRACE_ALARM_, e, at);
    e->timers.urgency = ~at;
    if (__builtin_expect(e->timers.next == e, 1)) {
        em_limit_set_alarm_(at);
    } else {
        arm_shared(e);
    }
}

static inline void put_at(em_timer **link, em_timer *t)
{
    *link = t;
    t->link = link;
}

static inline em_timer *meld(em_timer *a, em_timer *b)
{
    em_check_linked_(a);
    em_check_linked_(b);
    if (b->at < a->at) {
        em_timer *swap = a;
        a = b;
        b = swap;
    }
    b->next = a->child;
    if (b->next) {
        b->next->link = &b->next;
    }
    put_at(&a->child, b);
    return a;
}

/* One heap out of a list of siblings: meld pairs from the left, then the pairs from the right. */
static em_timer *combine(em_timer *list)
{
    em_timer *pairs = NULL;
    while (list) {
        em_timer *a = list;
        em_timer *b = a->next;
        list = NULL;
        if (b) {
            list = b->next;
            a = meld(a, b);
        }
        a->next = pairs;
        pairs = a;
    }
    em_timer *heap = pairs;
    if (heap) {
        pairs = heap->next;
        while (pairs) {
            em_timer *next = pairs->next;
            heap = meld(heap, pairs);
            pairs = next;
        }
        heap->next = NULL;
    }
    return heap;
}

/* The heap of the children of root, first being the first of several. Timers for one moment are siblings without
 * children: the next of them takes the place of the root, so that a thousand cost no more each than one. */
static inline em_timer *replace(const em_timer *root, em_timer *first)
{
    if (first->at != root->at || first->child) {
        return combine(first);
    }
    first->child = first->next;
    first->child->link = &first->child;
    first->next = NULL;
    return first;
}

/* Replace the root, which leaves, by the heap of its children. */
static inline void pop(em_executor_timers *q, em_timer *root)
{
    em_check_unlink_(root);
    em_timer *heap = root->child;
    if (heap) {
        em_check_linked_(heap);
        if (heap->next) {
            heap = replace(root, heap);
        }
        heap->link = &q->first;
    }
    q->first = heap;
    root->link = NULL;
}

static inline __attribute__((always_inline)) void join_ring(em_executor *e)
{
    em_executor **ring = &with_timers[em_arch_hart()];

    em_irq irq = em_irq_save();
    e->timers.next = *ring ? (*ring)->timers.next : e;
    if (*ring) {
        (*ring)->timers.next = e;
    }
    *ring = e;
    em_irq_restore(irq);
}

/* For levels: before one of them can preempt arm() between its look at the ring and the alarm. */
void em_timers_attach_(em_executor *e)
{
    join_ring(e);
}

static __attribute__((noinline)) em_poll start_first(em_timer *t, em_context *cx)
{
    join_ring(cx->executor);
    return em_timer_start_(t, cx);
}

em_poll em_timer_start_(em_timer *t, em_context *cx)
{
    em_executor *e = cx->executor;
    em_executor_timers *q = &e->timers;

    if (__builtin_expect(q->next == NULL, 0)) {
        return start_first(t, cx);
    }
    em_check_link_(&em_timer_kind_, t, cx);
    t->task = cx;
    t->child = NULL;
    t->next = NULL;
    em_timer *first = q->first;
    em_check_linked_(first);
    if (first && first->at <= t->at) {
        t->next = first->child;
        if (t->next) {
            t->next->link = &t->next;
        }
        put_at(&first->child, t);
        return EM_PENDING;
    }
    if (first) {
        put_at(&t->child, first);
    }
    put_at(&q->first, t);
    if (~t->at > q->urgency) {
        arm(e, t->at);
    }
    return EM_PENDING;
}

void em_timer_cancel_(em_timer *t)
{
    em_executor *e = *em_this_executor_();
    em_executor_timers *q = &e->timers;

    if (t->link == &q->first) {
        pop(q, t);
        uint64_t earliest = q->first ? q->first->at : UINT64_MAX;
        if (~earliest != q->urgency) {
            arm(e, earliest);
        }
        return;
    }
    em_check_unlink_(t);
    *t->link = t->next;
    if (t->next) {
        t->next->link = t->link;
    }
    t->link = NULL;
    em_timer *heap = combine(t->child);
    if (heap) {
        put_at(&q->first, meld(q->first, heap));
        q->first->next = NULL;
    }
}

/* Wake everything that is due, earliest first, then set the alarm for what is not. */
static void pop_due(em_executor *e)
{
    em_executor_timers *q = &e->timers;

    q->urgency = 0; /* the driver has silenced it */
    uint64_t now = em_time_driver_now();
    em_timer *t = q->first;
    em_check_linked_(t);
    while (t && t->at <= now) {
        pop(q, t);
        em_trace_(EM_TRACE_TIMER_DUE_, t, t->at);
        em_wake((em_waker){t->task});
        t = q->first;
    }
    if (t) {
        arm(e, t->at);
    }
}

void em_time_on_alarm(void)
{
    if (!em_limit_on_alarm_()) {
        return;
    }
    em_executor *e = with_timers[em_arch_hart()];
    if (!e) {
        return; /* nobody has set it: a device that was pending before */
    }
    if (__builtin_expect(e->timers.next == e, 1)) {
        em_executor_request_(e, pop_due);
    } else {
        arm_shared(e);
    }
}

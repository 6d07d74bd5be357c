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
#include <em/timer.h>

/* The executors of each hart that have had timers: a list whose last one is followed by itself. */
static em_executor *with_timers[EM_CFG_MAX_HARTS];

/* Set this hart's alarm to the earliest that any of its executors wants. */
static __attribute__((noinline)) void arm_shared(void)
{
    em_irq irq = em_irq_save();
    em_executor *e = with_timers[em_arch_hart()];
    uint64_t urgency = e->timers.urgency;
    while (e->timers.next != e) {
        e = e->timers.next;
        urgency = e->timers.urgency > urgency ? e->timers.urgency : urgency;
    }
    em_time_driver_set_alarm(~urgency);
    em_irq_restore(irq);
}

static inline void arm(em_executor *e, uint64_t at)
{
    e->timers.urgency = ~at;
    em_executor *first = with_timers[em_arch_hart()];
    if (__builtin_expect(first->timers.next != first, 0)) {
        arm_shared();
    } else {
        em_time_driver_set_alarm(at);
    }
}

static __attribute__((noinline)) void add_to_hart(em_executor *e)
{
    em_irq irq = em_irq_save();
    em_executor **first = &with_timers[em_arch_hart()];
    e->timers.next = *first ? *first : e;
    *first = e;
    em_irq_restore(irq);
}

static inline void put_at(em_timer **link, em_timer *t)
{
    *link = t;
    t->link = link;
}

static inline em_timer *meld(em_timer *a, em_timer *b)
{
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

/* Replace the root, which leaves, by the heap of its children. */
static inline void pop(em_executor_timers *q, em_timer *root)
{
    em_timer *heap = root->child;
    if (heap) {
        if (heap->next) {
            heap = combine(heap);
        }
        heap->link = &q->first;
    }
    q->first = heap;
    root->link = NULL;
}

void em_timer_start_(em_timer *t, em_context *cx)
{
    em_executor *e = cx->executor;
    em_executor_timers *q = &e->timers;

    if (__builtin_expect(q->next == NULL, 0)) {
        add_to_hart(e);
    }
    t->task = cx;
    t->child = NULL;
    t->next = NULL;
    em_timer *first = q->first;
    if (first && first->at <= t->at) {
        t->next = first->child;
        if (t->next) {
            t->next->link = &t->next;
        }
        put_at(&first->child, t);
        return;
    }
    if (first) {
        put_at(&t->child, first);
    }
    put_at(&q->first, t);
    if (~t->at > q->urgency) {
        arm(e, t->at);
    }
}

void em_timer_cancel_(em_timer *t)
{
    em_executor *e = em_current_executor_[em_arch_hart()];
    em_executor_timers *q = &e->timers;

    if (t->link == &q->first) {
        pop(q, t);
        uint64_t earliest = q->first ? q->first->at : UINT64_MAX;
        if (~earliest != q->urgency) {
            arm(e, earliest);
        }
        return;
    }
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
    while (t && t->at <= now) {
        pop(q, t);
        em_wake((em_waker){t->task});
        t = q->first;
    }
    if (t) {
        arm(e, t->at);
    }
}

static __attribute__((noinline)) void request_all(em_executor *e)
{
    bool last;
    do {
        last = e->timers.next == e;
        em_executor_request_(e, pop_due);
        e = e->timers.next;
    } while (!last);
}

void em_time_on_alarm(void)
{
    em_executor *e = with_timers[em_arch_hart()];
    if (!e) {
        return; /* nobody has set it: a device that was pending before */
    }
    if (__builtin_expect(e->timers.next == e, 1)) {
        em_executor_request_(e, pop_due);
    } else {
        request_all(e);
    }
}

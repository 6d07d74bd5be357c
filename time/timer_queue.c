/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The timer queue: a pairing heap, popped in task context, and the only caller of the alarm.
 *
 * Invariant: in task context, outside this file, `armed` is the deadline of `first`, or an alarm has
 * come since and the queue's task is queued, to set it again.
 *
 * Flow: timer.c -> insert -> em_time_driver_set_alarm -> em_time_on_alarm -> poll -> em_wake
 */
#include <em/assert.h>
#include <em/timer.h>

static em_timer_queue *queues[EM_CFG_MAX_HARTS];
static em_timer_queue thread_queues[EM_CFG_MAX_HARTS]; /* of the thread executors */

/* Set this hart's alarm to the earliest that any of its queues wants. */
static __attribute__((noinline)) void arm_shared(em_timer_queue *q)
{
    em_irq irq = em_irq_save();
    uint64_t at = UINT64_MAX;
    for (q = queues[em_arch_hart()]; q; q = q->next_on_hart) {
        at = q->armed < at ? q->armed : at;
    }
    em_time_driver_set_alarm(at);
    em_irq_restore(irq);
}

static inline void arm(em_timer_queue *q, uint64_t at)
{
    q->armed = at;
    if (__builtin_expect(queues[em_arch_hart()]->next_on_hart != NULL, 0)) {
        arm_shared(q);
    } else {
        em_time_driver_set_alarm(at);
    }
}

/* Make child the first child of parent, or the root where parent is the queue's first. */
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

/* Replace the root, which is about to leave, by the heap of its children. */
static inline void pop(em_timer_queue *q, em_timer *root)
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

static inline uint64_t earliest(const em_timer_queue *q)
{
    return q->first ? q->first->at : UINT64_MAX;
}

/* The first timer of a thread executor. Any other executor was given its queue before. */
static __attribute__((noinline)) em_timer_queue *attach_thread_queue(em_executor *e)
{
    unsigned hart = em_arch_hart();

    EM_ASSERT(e == &em_thread_executors_[hart]); /* else em_timer_queue_attach() is missing */
    em_timer_queue_attach(&thread_queues[hart], e);
    return e->timers;
}

void em_timer_start_(em_timer *t, em_context *cx)
{
    em_timer_queue *q = cx->executor->timers;

    if (__builtin_expect(q == NULL, 0)) {
        q = attach_thread_queue(cx->executor);
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
    if (t->at < q->armed) {
        arm(q, t->at);
    }
}

void em_timer_cancel_(em_timer *t)
{
    em_timer_queue *q = em_current_executor_[em_arch_hart()]->timers;

    if (t->link == &q->first) {
        pop(q, t);
        if (earliest(q) != q->armed) {
            arm(q, earliest(q));
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

/* The queue's task: wake everything that is due, earliest first, then set the alarm for what is not. */
static em_poll timer_queue_poll(em_future *f, em_context *cx)
{
    em_timer_queue *q = (em_timer_queue *)(void *)((char *)f - offsetof(em_timer_queue, root));
    (void)cx;

    q->armed = UINT64_MAX; /* the driver has silenced it */
    uint64_t now = em_time_driver_now();
    em_timer *t = q->first;
    while (t && t->at <= now) {
        pop(q, t);
        em_wake((em_waker){t->task});
        t = q->first;
    }
    if (t) {
        arm(q, t->at);
    }
    return EM_PENDING;
}

static const em_task_type timer_queue_type = {
    .ops = {.poll = timer_queue_poll, .name = "timer_queue"}, .count = 1, .file = __FILE__, .line = __LINE__};

void em_timer_queue_attach(em_timer_queue *q, em_executor *e)
{
    EM_ASSERT(e->timers == NULL);
    *q = (em_timer_queue){
        .task = {.state = EM_TASK_CLAIMED_ | EM_TASK_SPAWNED_, .executor = e},
        .root = {&timer_queue_type.ops},
        .armed = UINT64_MAX,
        .next_on_hart = queues[em_arch_hart()],
    };
    queues[em_arch_hart()] = q;
    e->timers = q;
}

void em_time_on_alarm(void)
{
    for (em_timer_queue *q = queues[em_arch_hart()]; q; q = q->next_on_hart) {
        em_wake((em_waker){&q->task});
    }
}

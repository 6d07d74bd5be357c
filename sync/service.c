/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Services: calls wait in the queue, then among those that are served; servers wait for the queue. Requests and
 * answers are moved by the typed functions of EM_SERVICE_TYPE.
 *
 * A job names its call by address and number. The address is only compared with those of calls that are being
 * served: that of a frame that is gone is never looked into.
 *
 * Invariant: a server waits only while every request in the queue is promised to one that was woken.
 *
 * Flow: call_poll -> offer -> em_wake -> name_next's poll -> take ... name_reply -> answered -> em_wake -> call_poll
 */
#include <em/service.h>

static em_service_call *call_of(em_wait_node *n)
{
    return (em_service_call *)(void *)((char *)n - offsetof(em_service_call, node));
}

/* -- with the lock ---------------------------------------------------------------------------------- */

/* There may be a request for a server: wake the longest waiting for it. Releases the lock. */
static void offer(em_service *s, em_irq irq)
{
    if (s->queued > s->promised && !em_wait_list_empty(&s->servers)) {
        s->promised++;
        em_wait_list_wake_release(&s->servers, &s->lock, irq);
        return;
    }
    em_lock_release(&s->lock, irq);
}

static void enqueue(em_service *s, em_service_call *c, em_waker waker)
{
    c->number = 0;
    em_wait_list_add(&s->queue, &c->node, waker);
    s->queued++;
}

/* The oldest request is a server's. There is one. */
static em_service_call *begin_serving(em_service *s)
{
    em_service_call *c = call_of(s->queue.first);
    em_waker waker = c->node.waker;
    em_wait_list_leave(&s->queue, &c->node);
    em_wait_list_add(&s->served, &c->node, waker);
    s->queued--;
    s->numbers = s->numbers == UINT32_MAX ? 1 : s->numbers + 1;
    c->number = s->numbers;
    return c;
}

em_service_call *em_service_find_(const em_service *s, em_service_ticket t)
{
    em_wait_node *n = s->served.first;
    if (n) {
        do {
            if (call_of(n) == t.call) {
                return t.call->number == t.number ? t.call : NULL;
            }
            n = n->next;
        } while (n != s->served.first);
    }
    return NULL;
}

/* -- servers ---------------------------------------------------------------------------------------- */

em_service_call *em_service_take_(em_service *s, em_service_next *n, em_context *cx, em_irq irq)
{
    bool woken = n && em_wait_node_notified(&n->node);
    if (woken) {
        s->promised--;
        em_wait_node_init(&n->node);
        if (s->queued > 0) {
            return begin_serving(s);
        }
    } else if (s->queued > s->promised && em_wait_list_empty(&s->servers)) {
        return begin_serving(s);
    }
    if (n) {
        em_wait_list_add(&s->servers, &n->node, em_context_waker(cx));
        s->servers.first = woken ? &n->node : s->servers.first; /* its request was withdrawn: it is first again */
    }
    em_lock_release(&s->lock, irq);
    return NULL;
}

void em_service_next_drop_(em_future *f)
{
    em_service_next *n = (em_service_next *)(void *)f;
    em_service *s = n->service;
    em_irq irq = em_lock_acquire(&s->lock);
    if (em_wait_list_leave(&s->servers, &n->node)) {
        s->promised--;
    }
    offer(s, irq);
}

void em_service_answered_(em_service *s, em_service_call *c, em_irq irq)
{
    em_waker waker = c->node.waker; /* a copy: from the release on the frame may be gone */
    em_wait_list_unlink_(&s->served, &c->node);
    c->node.next = waker.task ? EM_WAIT_NOTIFIED_ : NULL;
    em_lock_release(&s->lock, irq);
    if (waker.task) {
        em_wake(waker);
    }
}

void em_service_put_back_(em_service *s, em_service_ticket t)
{
    em_irq irq = em_lock_acquire(&s->lock);
    em_service_call *c = em_service_find_(s, t);
    if (c) {
        em_wait_list_leave(&s->served, &c->node);
        enqueue(s, c, c->node.waker);
        s->queue.first = &c->node; /* from the last place of a ring to the first */
    }
    offer(s, irq);
}

bool em_service_is_wanted_(em_service *s, em_service_ticket t)
{
    em_irq irq = em_lock_acquire(&s->lock);
    bool wanted = em_service_find_(s, t) != NULL;
    em_lock_release(&s->lock, irq);
    return wanted;
}

/* -- clients ---------------------------------------------------------------------------------------- */

void em_service_post_(em_service *s, em_service_call *c, em_irq irq)
{
    enqueue(s, c, (em_waker){NULL});
    offer(s, irq);
}

em_poll em_service_call_poll_(em_future *f, em_context *cx)
{
    em_service_call *c = (em_service_call *)(void *)f;
    em_service *s = c->service;
    em_irq irq = em_lock_acquire(&s->lock);
    if (em_wait_node_notified(&c->node)) {
        em_wait_node_init(&c->node);
        em_lock_release(&s->lock, irq);
        return EM_READY;
    }
    if (em_wait_node_waiting(&c->node)) {
        c->node.waker = em_context_waker(cx);
        em_lock_release(&s->lock, irq);
        return EM_PENDING;
    }
    enqueue(s, c, em_context_waker(cx));
    offer(s, irq);
    return EM_PENDING;
}

void em_service_call_drop_(em_future *f)
{
    em_service_call *c = (em_service_call *)(void *)f;
    em_service *s = c->service;
    em_irq irq = em_lock_acquire(&s->lock);
    if (em_wait_node_waiting(&c->node) && c->number == 0) {
        s->queued--;
        em_wait_list_leave(&s->queue, &c->node);
    } else {
        em_wait_list_leave(&s->served, &c->node);
    }
    em_lock_release(&s->lock, irq);
}

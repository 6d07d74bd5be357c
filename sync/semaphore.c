/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The semaphore: whoever adds permits serves the waiters, in order, while the permits last.
 *
 * Invariant: outside serve, the first waiter wants more than there is.
 *
 * Flow: em_semaphore_release -> serve -> em_wake -> the acquire's poll
 */
#include <em/assert.h>
#include <em/semaphore.h>

static em_semaphore_acquire_future *acquire_of(em_wait_node *n)
{
    return (em_semaphore_acquire_future *)(void *)((char *)n - offsetof(em_semaphore_acquire_future, node));
}

/* Add permits, then serve who can be served, one waiter a critical section. */
static void serve(em_semaphore *s, uint32_t more)
{
    bool served;
    do {
        em_irq irq = em_lock_acquire(&s->lock);
        EM_ASSERT(more <= UINT32_MAX - s->permits);
        s->permits += more;
        more = 0;
        em_wait_node *first = s->waiters.first;
        served = first && acquire_of(first)->wanted <= s->permits;
        if (served) {
            s->permits -= acquire_of(first)->wanted;
            em_wait_list_wake_one(&s->waiters);
        }
        em_lock_release(&s->lock, irq);
    } while (served);
}

int em_semaphore_try_acquire(em_semaphore *s, uint32_t n)
{
    em_irq irq = em_lock_acquire(&s->lock);
    bool granted = em_wait_list_empty(&s->waiters) && n <= s->permits;
    if (granted) {
        s->permits -= n;
    }
    em_lock_release(&s->lock, irq);
    return granted ? EM_OK : EM_ERR_AGAIN;
}

void em_semaphore_release(em_semaphore *s, uint32_t n)
{
    serve(s, n);
}

static em_poll semaphore_acquire_poll(em_future *f, em_context *cx)
{
    em_semaphore_acquire_future *a = (em_semaphore_acquire_future *)(void *)f;
    em_semaphore *s = a->semaphore;
    em_irq irq = em_lock_acquire(&s->lock);
    if (!em_wait_node_notified(&a->node) && a->wanted > 0) {
        if (!em_wait_list_empty(&s->waiters) || a->wanted > s->permits) {
            return em_wait_list_wait(&s->waiters, &a->node, cx, &s->lock, irq);
        }
        s->permits -= a->wanted;
    }
    em_wait_node_init(&a->node);
    em_lock_release(&s->lock, irq);
    return EM_READY;
}

static void semaphore_acquire_drop(em_future *f)
{
    em_semaphore_acquire_future *a = (em_semaphore_acquire_future *)(void *)f;
    em_irq irq = em_lock_acquire(&a->semaphore->lock);
    bool granted = em_wait_list_leave(&a->semaphore->waiters, &a->node);
    em_lock_release(&a->semaphore->lock, irq);
    serve(a->semaphore, granted ? a->wanted : 0); /* the next may want less than we did */
}

const em_future_ops em_semaphore_acquire_ops = {
    .poll = semaphore_acquire_poll, .drop = semaphore_acquire_drop, .name = "semaphore_acquire"};

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

/* -- with the lock ---------------------------------------------------------------------------------- */

/* Take them, if there are enough. */
static bool grant(em_semaphore *s, em_semaphore_acquire_future *a)
{
    if (a->wanted > s->permits) {
        return false;
    }
    if (a->out > s->permits) {
        a->out = s->permits;
    }
    s->permits -= a->out;
    return true;
}

/* Add permits, then serve who can be served, one waiter a critical section. Releases the lock. */
static void serve(em_semaphore *s, uint32_t more, em_irq irq)
{
    em_wait_node *first;
    EM_ASSERT(more <= UINT32_MAX - s->permits);
    s->permits += more;
    while ((first = s->waiters.first) != NULL && grant(s, acquire_of(first))) {
        em_wait_list_wake_release(&s->waiters, &s->lock, irq);
        irq = em_lock_acquire(&s->lock);
    }
    em_lock_release(&s->lock, irq);
}

/* -- public ----------------------------------------------------------------------------------------- */

int em_semaphore_try_acquire_all(em_semaphore *s, uint32_t min, uint32_t *out)
{
    em_irq irq = em_lock_acquire(&s->lock);
    bool granted = em_wait_list_empty(&s->waiters) && min <= s->permits;
    if (granted) {
        *out = s->permits;
        s->permits = 0;
    }
    em_lock_release(&s->lock, irq);
    return granted ? EM_OK : EM_ERR_AGAIN;
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
    serve(s, n, em_lock_acquire(&s->lock));
}

void em_semaphore_set(em_semaphore *s, uint32_t n)
{
    em_irq irq = em_lock_acquire(&s->lock);
    s->permits = n;
    serve(s, 0, irq);
}

static em_poll semaphore_acquire_poll(em_future *f, em_context *cx)
{
    em_semaphore_acquire_future *a = (em_semaphore_acquire_future *)(void *)f;
    em_semaphore *s = a->semaphore;
    em_irq irq = em_lock_acquire(&s->lock);
    if (!em_wait_node_notified(&a->node)) {
        bool its_turn = em_wait_list_empty(&s->waiters) || a->out == 0; /* none are had at once */
        if (!its_turn || !grant(s, a)) {
            return em_wait_list_wait(&s->waiters, &a->node, cx, &s->lock, irq);
        }
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
    serve(a->semaphore, granted ? a->out : 0, irq); /* the next may want less than we did */
}

const em_future_ops em_semaphore_acquire_ops = {
    .poll = semaphore_acquire_poll, .drop = semaphore_acquire_drop, .name = "semaphore_acquire"};

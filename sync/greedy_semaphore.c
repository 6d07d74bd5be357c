/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The greedy semaphore: whoever adds permits looks at all that wait, in order.
 *
 * Invariant: while no scan is under way, everybody who waits wants more than there is.
 *
 * Flow: em_greedy_semaphore_release, a drop -> serve -> em_wake -> the acquire's poll
 */
#include <em/assert.h>
#include <em/greedy_semaphore.h>

static em_greedy_semaphore_acquire_future *acquire_of(em_wait_node *n)
{
    return (em_greedy_semaphore_acquire_future *)(void *)((char *)n -
                                                          offsetof(em_greedy_semaphore_acquire_future, node));
}

/* With the lock: take at least `wanted` and at most *out, if there are enough; *out: how many. */
static bool take(em_greedy_semaphore *s, uint32_t wanted, uint32_t *out)
{
    if (wanted > s->permits) {
        return false;
    }
    if (*out > s->permits) {
        *out = s->permits;
    }
    s->permits -= *out;
    return true;
}

/* With the lock, which it releases: add permits, look at all who wait, one a critical section. */
static void serve(em_greedy_semaphore *s, uint32_t more, em_irq irq)
{
    em_wait_node *n;
    EM_ASSERT(more <= UINT32_MAX - s->permits);
    s->permits += more;
    em_wait_scan_begin(&s->waiters);
    while ((n = em_wait_scan_next(&s->waiters)) != NULL) {
        if (take(s, acquire_of(n)->wanted, &acquire_of(n)->out)) {
            em_wait_scan_wake_release(&s->waiters, n, &s->lock, irq);
        } else {
            em_lock_release(&s->lock, irq);
        }
        irq = em_lock_acquire(&s->lock);
    }
    em_lock_release(&s->lock, irq);
}

static int try_take(em_greedy_semaphore *s, uint32_t wanted, uint32_t *out)
{
    em_irq irq = em_lock_acquire(&s->lock);
    bool taken = take(s, wanted, out);
    em_lock_release(&s->lock, irq);
    return taken ? EM_OK : EM_ERR_AGAIN;
}

int em_greedy_semaphore_try_acquire(em_greedy_semaphore *s, uint32_t n)
{
    return try_take(s, n, &n);
}

int em_greedy_semaphore_try_acquire_all(em_greedy_semaphore *s, uint32_t min, uint32_t *out)
{
    uint32_t taken = UINT32_MAX;
    int error = try_take(s, min, &taken);
    if (error == EM_OK) {
        *out = taken;
    }
    return error;
}

void em_greedy_semaphore_release(em_greedy_semaphore *s, uint32_t n)
{
    serve(s, n, em_lock_acquire(&s->lock));
}

void em_greedy_semaphore_set(em_greedy_semaphore *s, uint32_t n)
{
    em_irq irq = em_lock_acquire(&s->lock);
    s->permits = n;
    serve(s, 0, irq);
}

static em_poll greedy_semaphore_acquire_poll(em_future *f, em_context *cx)
{
    em_greedy_semaphore_acquire_future *a = (em_greedy_semaphore_acquire_future *)(void *)f;
    em_greedy_semaphore *s = a->semaphore;
    em_irq irq = em_lock_acquire(&s->lock);
    if (!em_wait_node_notified(&a->node) && !take(s, a->wanted, &a->out)) {
        return em_wait_list_wait(&s->waiters.waiters, &a->node, cx, &s->lock, irq);
    }
    em_wait_scan_leave(&s->waiters, &a->node); /* polled before a scan came to it */
    em_lock_release(&s->lock, irq);
    return EM_READY;
}

static void greedy_semaphore_acquire_drop(em_future *f)
{
    em_greedy_semaphore_acquire_future *a = (em_greedy_semaphore_acquire_future *)(void *)f;
    em_irq irq = em_lock_acquire(&a->semaphore->lock);
    if (em_wait_scan_leave(&a->semaphore->waiters, &a->node)) {
        serve(a->semaphore, a->out, irq);
        return;
    }
    em_lock_release(&a->semaphore->lock, irq);
}

const em_future_ops em_greedy_semaphore_acquire_ops = {
    .poll = greedy_semaphore_acquire_poll, .drop = greedy_semaphore_acquire_drop, .name = "greedy_semaphore_acquire"};

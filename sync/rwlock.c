/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The read/write lock: who leaves it lets the longest waiting in, in order, as far as they get along.
 *
 * Invariant: outside admit, the first waiter may not enter; a notified waiter is one of the holders.
 *
 * Flow: em_rwlock_unlock_*, a drop -> admit -> em_wake -> the poll
 */
#include <em/assert.h>
#include <em/rwlock.h>

static em_rwlock_read_future *future_of(em_wait_node *n)
{
    return (em_rwlock_read_future *)(void *)((char *)n - offsetof(em_rwlock_read_future, node));
}

/* -- with the lock ---------------------------------------------------------------------------------- */

/* Come in, if those inside allow it. */
static bool enter(em_rwlock *rw, bool writes)
{
    if (writes ? rw->holders != 0 : (uint32_t)rw->holders >= INT32_MAX) { /* EM_RWLOCK_WRITER_ too */
        return false;
    }
    rw->holders += writes ? EM_RWLOCK_WRITER_ : 1;
    return true;
}

static void leave(em_rwlock *rw, bool writes)
{
    rw->holders -= writes ? EM_RWLOCK_WRITER_ : 1;
}

/* Let in who may, one waiter a critical section. Releases the lock. */
static void admit(em_rwlock *rw, em_irq irq)
{
    em_wait_node *first;
    while ((first = rw->waiters.first) != NULL && enter(rw, future_of(first)->writes)) {
        em_wait_list_wake_release(&rw->waiters, &rw->lock, irq);
        irq = em_lock_acquire(&rw->lock);
    }
    em_lock_release(&rw->lock, irq);
}

/* -- public ----------------------------------------------------------------------------------------- */

static int try_enter(em_rwlock *rw, bool writes)
{
    em_irq irq = em_lock_acquire(&rw->lock);
    bool entered = em_wait_list_empty(&rw->waiters) && enter(rw, writes);
    em_lock_release(&rw->lock, irq);
    return entered ? EM_OK : EM_ERR_AGAIN;
}

int em_rwlock_try_read(em_rwlock *rw)
{
    return try_enter(rw, false);
}

int em_rwlock_try_write(em_rwlock *rw)
{
    return try_enter(rw, true);
}

void em_rwlock_unlock_read(em_rwlock *rw)
{
    em_irq irq = em_lock_acquire(&rw->lock);
    bool was_read = rw->holders > 0;
    if (was_read) {
        leave(rw, false);
    }
    admit(rw, irq);
    EM_ASSERT(was_read);
}

/* The writer is done, and as many readers are inside. */
static void stop_writing(em_rwlock *rw, int32_t readers)
{
    em_irq irq = em_lock_acquire(&rw->lock);
    bool was_written = rw->holders == EM_RWLOCK_WRITER_;
    if (was_written) {
        rw->holders = readers;
    }
    admit(rw, irq);
    EM_ASSERT(was_written);
}

void em_rwlock_unlock_write(em_rwlock *rw)
{
    stop_writing(rw, 0);
}

void em_rwlock_downgrade(em_rwlock *rw)
{
    stop_writing(rw, 1);
}

static em_poll rwlock_poll(em_future *f, em_context *cx)
{
    em_rwlock_read_future *r = (em_rwlock_read_future *)(void *)f;
    em_rwlock *rw = r->rwlock;
    em_irq irq = em_lock_acquire(&rw->lock);
    if (!em_wait_node_notified(&r->node) && (!em_wait_list_empty(&rw->waiters) || !enter(rw, r->writes))) {
        return em_wait_list_wait(&rw->waiters, &r->node, cx, &rw->lock, irq);
    }
    em_wait_node_init(&r->node);
    em_lock_release(&rw->lock, irq);
    return EM_READY;
}

static void rwlock_drop(em_future *f)
{
    em_rwlock_read_future *r = (em_rwlock_read_future *)(void *)f;
    em_irq irq = em_lock_acquire(&r->rwlock->lock);
    if (em_wait_list_leave(&r->rwlock->waiters, &r->node)) {
        leave(r->rwlock, r->writes);
    }
    admit(r->rwlock, irq); /* a writer that no longer waits lets the readers behind it in */
}

const em_future_ops em_rwlock_read_ops = {.poll = rwlock_poll, .drop = rwlock_drop, .name = "rwlock_read"};
const em_future_ops em_rwlock_write_ops = {.poll = rwlock_poll, .drop = rwlock_drop, .name = "rwlock_write"};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Read/write locks: any number of readers, or one writer, across awaits.
 *
 * Flow: em_rwlock_unlock_read, em_rwlock_unlock_write -> the longest waiting, as many as may -> em_rwlock_read is ready
 *
 * Rules for read/write locks:
 *  - A zeroed lock is free. It is not recursive, for readers neither: a writer may wait between the two reads.
 *  - FIFO, readers and writers in one queue: nobody overtakes, so neither side starves. Readers that stand
 *    next to each other come in together. try_read and try_write fail while anybody waits.
 *  - A writer may become a reader (downgrade). A reader cannot become a writer: two that tried would wait
 *    for each other. Unlock, lock to write, and look again at what you had read.
 *  - Unlock it in FINALLY where the task may be cancelled while it holds it.
 *  - It inherits no priorities.
 */
#pragma once

#include <em/lock.h>
#include <em/wait_list.h>

#define EM_RWLOCK_WRITER_ (-1)

typedef struct em_rwlock {
    em_wait_list waiters;
    int32_t holders; /* readers, or EM_RWLOCK_WRITER_; with those to whom it was handed over */
    em_lock lock;
} em_rwlock;

typedef struct em_rwlock_future {
    em_future future;
    em_wait_node node;
    em_rwlock *rwlock;
    bool writes;
} em_rwlock_read_future, em_rwlock_write_future;

extern const em_future_ops em_rwlock_read_ops;
extern const em_future_ops em_rwlock_write_ops;

/**
 * Awaitable: the caller reads, with other readers.
 *
 * Context: task
 * Cancel:  loses nothing: a lock handed over to the dropped wait goes to the next
 * Cost:    O(1); a drop O(tasks that can go on), one critical section each
 */
static inline em_rwlock_read_future *em_rwlock_read(em_rwlock_read_future *r, em_rwlock *rw)
{
    r->future.ops = &em_rwlock_read_ops;
    em_wait_node_init(&r->node);
    r->rwlock = rw;
    r->writes = false;
    return r;
}

/**
 * Awaitable: the caller writes, alone.
 *
 * Context: task
 * Cancel:  loses nothing: a lock handed over to the dropped wait goes to the next
 * Cost:    O(1); a drop O(tasks that can go on), one critical section each
 */
static inline em_rwlock_write_future *em_rwlock_write(em_rwlock_write_future *w, em_rwlock *rw)
{
    w->future.ops = &em_rwlock_write_ops;
    em_wait_node_init(&w->node);
    w->rwlock = rw;
    w->writes = true;
    return w;
}

/** Read if nobody writes and nobody waits. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: O(1) */
EM_MUST_USE int em_rwlock_try_read(em_rwlock *rw);

/** Write if nobody reads, writes or waits. Context: task | isr | any hart. Errors: EM_ERR_AGAIN. Cost: O(1) */
EM_MUST_USE int em_rwlock_try_write(em_rwlock *rw);

/**
 * One reader is done. Somebody must read (asserts).
 *
 * Context: task | isr | any hart
 * Cost:    O(tasks that can go on), one critical section each
 */
void em_rwlock_unlock_read(em_rwlock *rw);

/** The writer is done. There must be one (asserts). Context, cost: as em_rwlock_unlock_read() */
void em_rwlock_unlock_write(em_rwlock *rw);

/**
 * The writer goes on as a reader, with the readers that wait before the next writer. Nobody writes in between.
 * There must be a writer (asserts).
 *
 * Context: task | isr | any hart
 * Cost:    O(tasks that can go on), one critical section each
 */
void em_rwlock_downgrade(em_rwlock *rw);

/** Does somebody write? Context: task | isr | any hart; a snapshot */
static inline bool em_rwlock_is_writing(const em_rwlock *rw)
{
    return rw->holders == EM_RWLOCK_WRITER_;
}

/** How many read. Context: task | isr | any hart; a snapshot */
static inline uint32_t em_rwlock_readers(const em_rwlock *rw)
{
    int32_t holders = rw->holders;
    return holders > 0 ? (uint32_t)holders : 0;
}

/** Does somebody read or write? Context: task | isr | any hart; a snapshot */
static inline bool em_rwlock_is_locked(const em_rwlock *rw)
{
    return rw->holders != 0;
}

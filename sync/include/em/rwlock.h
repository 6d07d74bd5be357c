/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Read/write locks: any number of readers, or one writer, across awaits; with EM_RWLOCK_TYPE, around the value.
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
 *  - Nobody inherits a priority by it (em/pi_mutex.h).
 */
#pragma once

#include <em/generated.h>
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

/**
 * EM_RWLOCK_TYPE(name, T); expands to the type `name`, a value of type T inside its read/write lock, and
 *
 *     name_read_future *name_read(name_read_future *, name *)      awaitable, out: const T *, until unlock
 *     name_write_future *name_write(name_write_future *, name *)   awaitable, out: T *, until unlock
 *     int  name_try_read(name *, const T **)   EM_OK | EM_ERR_AGAIN       task | isr | any hart
 *     int  name_try_write(name *, T **)        EM_OK | EM_ERR_AGAIN       task | isr | any hart
 *     void name_unlock_read(const T *)         what read gave             task | isr | any hart
 *     void name_unlock_write(T *)              what write gave            task | isr | any hart
 *     const T *name_downgrade(T *)             for unlock_read            task | isr | any hart
 *
 * which do what the functions of em_rwlock do; a lock handed over to the dropped wait goes to the next.
 * The member `value` may be initialised, static name r = {.value = …}; `rwlock` is for the getters above.
 */
#define EM_RWLOCK_TYPE(name, T)                                                                       \
    EM_GENERATED_                                                                                     \
    typedef struct name {                                                                             \
        em_rwlock rwlock;                                                                             \
        T value;                                                                                      \
    } name;                                                                                           \
    EM_RWLOCK_SIDE_(name, read, const T)                                                              \
    EM_RWLOCK_SIDE_(name, write, T)                                                                   \
    __attribute__((unused)) static inline const T *name##_downgrade(T *value_)                        \
    {                                                                                                 \
        em_rwlock_downgrade(EM_RWLOCK_OF_(name, value_));                                             \
        return value_;                                                                                \
    }                                                                                                 \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_RWLOCK_OF_(name, pointer) (&((name *)((uintptr_t)(pointer)-offsetof(name, value)))->rwlock)

/* side: read or write; V: what its pointers point to */
#define EM_RWLOCK_SIDE_(name, side, V)                                                                \
    typedef struct name##_##side##_future {                                                           \
        union {                                                                                       \
            em_future future;                                                                         \
            em_rwlock_##side##_future lock;                                                           \
        };                                                                                            \
        V *out;                                                                                       \
    } name##_##side##_future;                                                                         \
    __attribute__((unused)) static inline name##_##side##_future *name##_##side(name##_##side##_future *f, name *r) \
    {                                                                                                 \
        em_rwlock_##side(&f->lock, &r->rwlock);                                                       \
        f->out = &r->value; /* which may be used when it is ready */                                  \
        return f;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_##side(name *r, V **out)         \
    {                                                                                                 \
        int error = em_rwlock_try_##side(&r->rwlock);                                                 \
        if (error == EM_OK) {                                                                         \
            *out = &r->value;                                                                         \
        }                                                                                             \
        return error;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_unlock_##side(V *value_)                        \
    {                                                                                                 \
        em_rwlock_unlock_##side(EM_RWLOCK_OF_(name, value_));                                         \
    }

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Mutexes: one task at a time, across awaits; with EM_MUTEX_TYPE, around the value that it guards.
 *
 * Flow: em_mutex_unlock -> the longest waiting task owns it -> em_mutex_lock is ready
 *
 * Rules for mutexes:
 *  - A zeroed mutex is free. It is not recursive.
 *  - FIFO: unlocking hands it to the longest waiting task; nobody overtakes.
 *  - Unlock it in FINALLY where the task may be cancelled while it holds it.
 *  - An owner of low priority is not hurried because of who waits: em_pi_mutex (em/pi_mutex.h) does that.
 */
#pragma once

#include <em/generated.h>
#include <em/lock.h>
#include <em/wait_list.h>

typedef struct em_mutex {
    em_wait_list waiters;
    uint32_t locked;
    em_lock lock;
} em_mutex;

typedef struct em_mutex_lock_future {
    em_future future;
    em_wait_node node;
    em_mutex *mutex;
} em_mutex_lock_future;

extern const em_future_ops em_mutex_lock_ops;

/**
 * Awaitable: the caller owns the mutex.
 *
 * Context: task
 * Cancel:  loses nothing: a mutex handed over to the dropped wait goes to the next
 * Cost:    O(1)
 */
static inline em_mutex_lock_future *em_mutex_lock(em_mutex_lock_future *l, em_mutex *m)
{
    l->future.ops = &em_mutex_lock_ops;
    em_wait_node_init(&l->node);
    l->mutex = m;
    return l;
}

/** Own it if it is free. Context: task | isr | any hart. Errors: EM_ERR_AGAIN  somebody owns it. Cost: O(1) */
EM_MUST_USE int em_mutex_try_lock(em_mutex *m);

/** Give it up, to the longest waiting task. It must be locked (asserts). Context: task | isr | any hart. Cost: O(1) */
void em_mutex_unlock(em_mutex *m);

/** Does somebody own it? Context: task | isr | any hart; a snapshot */
static inline bool em_mutex_is_locked(const em_mutex *m)
{
    return m->locked != 0;
}

/* -- for EM_MUTEX_TYPE and em_condvar ----------------------------------------------------------- */

/** The poll and the drop of a lock. Context: task */
em_poll em_mutex_lock_poll_(em_future *f, em_context *cx);
void em_mutex_lock_drop_(em_future *f);

/**
 * EM_MUTEX_TYPE(name, T); expands to the type `name`, a value of type T inside its mutex, and
 *
 *     name_lock_future *name_lock(name_lock_future *, name *)   awaitable, out: T *, the value, until unlock
 *     int  name_try_lock(name *, T **)        EM_OK | EM_ERR_AGAIN: somebody has it        task | isr | any hart
 *     void name_unlock(T *)                   what lock gave, not a pointer into it         task | isr | any hart
 *     bool name_is_locked(const name *)       a snapshot                                    task | isr | any hart
 *
 * which do what the functions of em_mutex do; a mutex handed over to the dropped wait goes to the next.
 * The member `value` may be initialised, static name m = {.value = …}, and `mutex` is for em_condvar_wait().
 */
#define EM_MUTEX_TYPE(name, T)                                                                        \
    EM_GENERATED_                                                                                     \
    typedef struct name {                                                                             \
        em_mutex mutex;                                                                               \
        T value;                                                                                      \
    } name;                                                                                           \
    typedef struct name##_lock_future {                                                               \
        union {                                                                                       \
            em_future future;                                                                         \
            em_mutex_lock_future lock;                                                                \
        };                                                                                            \
        T *out;                                                                                       \
    } name##_lock_future;                                                                             \
    static const em_future_ops name##_lock_ops_ = {em_mutex_lock_poll_, em_mutex_lock_drop_, #name "_lock"}; \
    __attribute__((unused)) static inline name##_lock_future *name##_lock(name##_lock_future *l, name *m) \
    {                                                                                                 \
        em_mutex_lock(&l->lock, &m->mutex);                                                           \
        l->future.ops = &name##_lock_ops_;                                                            \
        l->out = &m->value; /* which may be used when it is ready */                                  \
        return l;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_lock(name *m, T **out)           \
    {                                                                                                 \
        int error = em_mutex_try_lock(&m->mutex);                                                     \
        if (error == EM_OK) {                                                                         \
            *out = &m->value;                                                                         \
        }                                                                                             \
        return error;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_unlock(T *value_)                               \
    {                                                                                                 \
        em_mutex_unlock(&((name *)(void *)((char *)value_ - offsetof(name, value)))->mutex);          \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_locked(const name *m)                        \
    {                                                                                                 \
        return em_mutex_is_locked(&m->mutex);                                                         \
    }                                                                                                 \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

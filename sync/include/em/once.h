/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Once: something that happens once, and, with EM_ONCE_TYPE, the value that it gives: a cell that is set once.
 *
 * Flow: name_init, or the first name_get_or_init -> all that wait -> name_get is ready
 *
 * Rules for once:
 *  - Zeroed: not set. Who waits sleeps until it is set, and all wake up, in order of waiting.
 *  - It is set once: a second init is refused, and the first value stays.
 *  - A pointer to the value is good until take. Changing the value through it is between those who have it.
 *  - A value made at its first use, often called lazy, is a cell of which only get_or_init is used, with the
 *    same function everywhere.
 *  - The function of get_or_init runs once, in the context of the first caller, with nothing masked or locked.
 *    It cannot wait. Whoever comes meanwhile, also from an interrupt's executor or another hart, sleeps.
 */
#pragma once

#include <em/assert.h>
#include <em/generated.h>
#include <em/lock.h>
#include <em/wait_list.h>

enum em_once_state_ {
    EM_ONCE_EMPTY_,
    EM_ONCE_BEGUN_, /* somebody makes the value */
    EM_ONCE_SET_,
};

typedef struct em_once {
    em_wait_list waiters;
    int32_t state;
    em_lock lock;
} em_once;

typedef struct em_once_get_future {
    em_future future;
    em_wait_node node;
    em_once *once;
} em_once_get_future;

extern const em_future_ops em_once_get_ops;

/**
 * It has happened: set it.
 *
 * Context: task | isr | any hart | init
 * Errors:  EM_ERR_BUSY  it is set already
 * Cost:    O(waiting tasks), one critical section each
 */
EM_MUST_USE int em_once_init(em_once *o);

/**
 * Awaitable: it is set.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(1)
 */
static inline em_once_get_future *em_once_get(em_once_get_future *g, em_once *o)
{
    g->future.ops = &em_once_get_ops;
    em_wait_node_init(&g->node);
    g->once = o;
    return g;
}

/** Is it set? Context: task | isr | any hart | init. Cost: a load */
static inline bool em_once_is_set(const em_once *o)
{
    return em_atomic_load(&o->state) == EM_ONCE_SET_;
}

/* -- for EM_ONCE_TYPE --------------------------------------------------------------------------- */

/** Begin to make the value, unless somebody has. Then em_once_finish_(). Context: task | isr | any hart | init */
bool em_once_begin_(em_once *o);

/** The value is made. Context: as em_once_begin_() */
void em_once_finish_(em_once *o);

/** The value may be read and is not set any more? Then unlock by em_once_taken_(). Context: task | isr | any hart */
bool em_once_take_(em_once *o, em_irq *irq);

/** Context: with the lock, which it releases */
void em_once_taken_(em_once *o, em_irq irq);

/** The poll and the drop of a get. With @p begun: if nobody has, begin, *begun, and ready. Context: task */
em_poll em_once_get_poll_(em_future *f, em_context *cx);
em_poll em_once_get_or_begin_(em_once_get_future *g, em_context *cx, bool *begun);
void em_once_get_drop_(em_future *f);

/**
 * EM_ONCE_TYPE(name, T); expands to the type `name`, a cell for a value of type T that is set once, and
 *
 *     int  name_init(name *, T)          EM_OK | EM_ERR_BUSY: it is set, and the value stays
 *     void name_must_init(name *, T)     asserts that it was not set
 *     int  name_try_get(name *, T **)    EM_OK | EM_ERR_AGAIN: not set. Costs a load
 *     bool name_is_set(const name *)
 *     int  name_take(name *, T *)        moves it out, so that it is not set any more. EM_OK | EM_ERR_AGAIN:
 *                                        it is not set, or those who wait for it are just being told
 *     int  name_try_get_or_init(name *, void (*make)(T *, void *), void *arg, T **)
 *                                        EM_OK | EM_ERR_AGAIN: another is making it
 *     name_get_future *name_get(name_get_future *, name *)   awaitable, out: T *, the value in the cell
 *     name_get_or_init_future *name_get_or_init(name_get_or_init_future *, name *,
 *                                              void (*make)(T *, void *), void *arg)
 *                                        awaitable, out: T *; if it is not set, make(value, arg) sets it
 *
 * A drop loses nothing. Context: task | isr | any hart | init; the awaitables: task
 */
#define EM_ONCE_TYPE(name, T)                                                                         \
    EM_GENERATED_                                                                                     \
    typedef struct name {                                                                             \
        em_once once;                                                                                 \
        T value;                                                                                      \
    } name;                                                                                           \
    EM_ONCE_INIT_(name, T)                                                                            \
    EM_ONCE_GET_(name, T)                                                                             \
    EM_ONCE_GET_OR_INIT_(name, T)                                                                     \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_ONCE_INIT_(name, T)                                                                        \
    EM_MUST_USE __attribute__((unused)) static inline int name##_init(name *o, T value)               \
    {                                                                                                 \
        if (!em_once_begin_(&o->once)) {                                                              \
            return EM_ERR_BUSY;                                                                       \
        }                                                                                             \
        o->value = value;                                                                             \
        em_once_finish_(&o->once);                                                                    \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_must_init(name *o, T value)                     \
    {                                                                                                 \
        EM_ASSERT(name##_init(o, value) == EM_OK);                                                    \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_take(name *o, T *out)                \
    {                                                                                                 \
        em_irq irq;                                                                                   \
        if (!em_once_take_(&o->once, &irq)) {                                                         \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        *out = o->value;                                                                              \
        em_once_taken_(&o->once, irq);                                                                \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_set(const name *o)                           \
    {                                                                                                 \
        return em_once_is_set(&o->once);                                                              \
    }

#define EM_ONCE_GET_(name, T)                                                                         \
    typedef struct name##_get_future {                                                                \
        union {                                                                                       \
            em_future future;                                                                         \
            em_once_get_future get;                                                                   \
        };                                                                                            \
        T *out;                                                                                       \
    } name##_get_future;                                                                              \
    __attribute__((unused)) static inline em_poll name##_get_poll_(em_future *f, em_context *cx)      \
    {                                                                                                 \
        name##_get_future *g = (name##_get_future *)(void *)f;                                        \
        g->out = &((name *)(void *)g->get.once)->value;                                               \
        return em_once_get_poll_(f, cx);                                                              \
    }                                                                                                 \
    static const em_future_ops name##_get_ops_ = {name##_get_poll_, em_once_get_drop_, #name "_get"}; \
    __attribute__((unused)) static inline name##_get_future *name##_get(name##_get_future *g, name *o) \
    {                                                                                                 \
        em_once_get(&g->get, &o->once);                                                               \
        g->future.ops = &name##_get_ops_;                                                             \
        return g;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_get(name *o, T **out)            \
    {                                                                                                 \
        if (!em_once_is_set(&o->once)) {                                                              \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        *out = &o->value;                                                                             \
        return EM_OK;                                                                                 \
    }

#define EM_ONCE_GET_OR_INIT_(name, T)                                                                 \
    typedef struct name##_get_or_init_future {                                                        \
        union {                                                                                       \
            em_future future;                                                                         \
            em_once_get_future get;                                                                   \
        };                                                                                            \
        T *out;                                                                                       \
        void (*make)(T *, void *);                                                                    \
        void *arg;                                                                                    \
    } name##_get_or_init_future;                                                                      \
    __attribute__((unused)) static inline em_poll name##_get_or_init_poll_(em_future *f, em_context *cx) \
    {                                                                                                 \
        name##_get_or_init_future *g = (name##_get_or_init_future *)(void *)f;                        \
        bool begun = false;                                                                           \
        g->out = &((name *)(void *)g->get.once)->value;                                               \
        em_poll p = em_once_get_or_begin_(&g->get, cx, &begun);                                       \
        if (begun) {                                                                                  \
            g->make(g->out, g->arg);                                                                  \
            em_once_finish_(g->get.once);                                                             \
        }                                                                                             \
        return p;                                                                                     \
    }                                                                                                 \
    static const em_future_ops name##_get_or_init_ops_ = {name##_get_or_init_poll_, em_once_get_drop_, \
                                                          #name "_get_or_init"};                      \
    __attribute__((unused)) static inline name##_get_or_init_future *name##_get_or_init(              \
        name##_get_or_init_future *g, name *o, void (*make_)(T *, void *), void *arg_)                \
    {                                                                                                 \
        em_once_get(&g->get, &o->once);                                                               \
        g->future.ops = &name##_get_or_init_ops_;                                                     \
        g->make = make_;                                                                              \
        g->arg = arg_;                                                                                \
        return g;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_get_or_init(                     \
        name *o, void (*make_)(T *, void *), void *arg_, T **out)                                     \
    {                                                                                                 \
        if (em_once_begin_(&o->once)) {                                                               \
            make_(&o->value, arg_);                                                                   \
            em_once_finish_(&o->once);                                                                \
        }                                                                                             \
        return name##_try_get(o, out);                                                                \
    }

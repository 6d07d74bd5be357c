/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Signals: something has happened; with EM_SIGNAL_TYPE, and this is its latest value.
 *
 * Flow: em_signal_set -> the longest waiting task -> em_signal_wait is ready
 *
 * Rules for signals:
 *  - A zeroed signal is not set. Setting it again before somebody took it changes only the value.
 *  - Each set is taken once: by the longest waiting task, or by the next that waits.
 *  - A wait that is dropped after it was given the signal passes it on.
 */
#pragma once

#include <em/generated.h>
#include <em/lock.h>
#include <em/wait_list.h>

enum em_signal_state_ {
    EM_SIGNAL_EMPTY_,
    EM_SIGNAL_SET_,
    EM_SIGNAL_HANDED_, /* set, and reserved for the one waiter that was notified */
};

typedef struct em_signal {
    em_wait_list waiters;
    uint32_t state;
    em_lock lock;
} em_signal;

typedef struct em_signal_wait_future {
    em_future future;
    em_wait_node node;
    em_signal *signal;
} em_signal_wait_future;

extern const em_future_ops em_signal_wait_ops;

/** Set it, and wake the longest waiting task. Context: task | isr | any hart. Cost: O(1) */
void em_signal_set(em_signal *s);

/** Take it if it is set and nobody was given it. Context: task | isr | any hart. Errors: EM_ERR_AGAIN */
EM_MUST_USE int em_signal_try_wait(em_signal *s);

/** Unset it; who waits goes on waiting. Context: task | isr | any hart. Cost: O(1) */
void em_signal_reset(em_signal *s);

/** Is it set, and not yet taken? Context: task | isr | any hart; a snapshot */
static inline bool em_signal_is_set(const em_signal *s)
{
    return s->state != EM_SIGNAL_EMPTY_;
}

/**
 * Awaitable: it was set; taking it unsets it.
 *
 * Context: task
 * Cancel:  loses nothing: the signal stays set, or goes to the next that waits
 * Cost:    O(1)
 */
static inline em_signal_wait_future *em_signal_wait(em_signal_wait_future *w, em_signal *s)
{
    w->future.ops = &em_signal_wait_ops;
    em_wait_node_init(&w->node);
    w->signal = s;
    return w;
}

/* -- for EM_SIGNAL_TYPE: with the lock held ----------------------------------------------------- */

/** Take the signal for @p n if it may. Context: task, with the lock */
static inline bool em_signal_take_(em_signal *s, em_wait_node *n)
{
    if (s->state == EM_SIGNAL_EMPTY_ || (s->state == EM_SIGNAL_HANDED_ && !em_wait_node_notified(n))) {
        return false;
    }
    s->state = EM_SIGNAL_EMPTY_;
    em_wait_node_init(n);
    return true;
}

/** Set the signal if it is not, for the next waiter. Context: task | isr | any hart, with the lock; releases it */
static inline void em_signal_post_(em_signal *s, em_irq irq)
{
    if (s->state == EM_SIGNAL_EMPTY_) {
        if (!em_wait_list_empty(&s->waiters)) {
            s->state = EM_SIGNAL_HANDED_;
            em_wait_list_wake_release_shared_(&s->waiters, &s->lock, irq);
            return;
        }
        s->state = EM_SIGNAL_SET_;
    }
    em_lock_release(&s->lock, irq);
}

/** The drop of a wait: pass on what it was given. Context: task */
void em_signal_leave_(em_signal *s, em_wait_node *n);

/**
 * EM_SIGNAL_TYPE(name, T); expands to the type `name`, a signal with the latest value of type T, and
 *
 *     void name_set(name *, T)                                  task | isr | any hart
 *     name_wait_future *name_wait(name_wait_future *, name *)   awaitable, out: T
 *     int  name_try_wait(name *, T *)                           EM_OK | EM_ERR_AGAIN; task | isr | any hart
 *     void name_reset(name *)    bool name_is_set(const name *) task | isr | any hart
 *
 * which do what the functions of em_signal do.
 */
#define EM_SIGNAL_TYPE(name, T)                                                                       \
    EM_GENERATED_                                                                                     \
    typedef struct name {                                                                             \
        em_signal signal;                                                                             \
        T value;                                                                                      \
    } name;                                                                                           \
    typedef struct name##_wait_future {                                                               \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *signal;                                                                                 \
        T out;                                                                                        \
    } name##_wait_future;                                                                             \
    __attribute__((unused)) static inline em_poll name##_wait_poll_(em_future *f, em_context *cx)     \
    {                                                                                                 \
        name##_wait_future *w = (name##_wait_future *)(void *)f;                                      \
        em_irq irq = em_lock_acquire(&w->signal->signal.lock);                                        \
        name *s = w->signal;                                                                          \
        if (!em_signal_take_(&s->signal, &w->node)) {                                                 \
            return em_wait_list_wait(&s->signal.waiters, &w->node, cx, &s->signal.lock, irq);         \
        }                                                                                             \
        w->out = s->value;                                                                            \
        em_lock_release(&s->signal.lock, irq);                                                        \
        return EM_READY;                                                                              \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_wait_drop_(em_future *f)                        \
    {                                                                                                 \
        name##_wait_future *w = (name##_wait_future *)(void *)f;                                      \
        em_signal_leave_(&w->signal->signal, &w->node);                                               \
    }                                                                                                 \
    static const em_future_ops name##_wait_ops_ = {name##_wait_poll_, name##_wait_drop_, #name "_wait"}; \
    __attribute__((unused)) static inline name##_wait_future *name##_wait(name##_wait_future *w, name *s) \
    {                                                                                                 \
        w->future.ops = &name##_wait_ops_;                                                            \
        em_wait_node_init(&w->node);                                                                  \
        w->signal = s;                                                                                \
        return w;                                                                                     \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_set(name *s, T value)                           \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&s->signal.lock);                                                \
        s->value = value;                                                                             \
        em_signal_post_(&s->signal, irq);                                                             \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_wait(name *s, T *out)            \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&s->signal.lock);                                                \
        bool is_set = s->signal.state == EM_SIGNAL_SET_;                                              \
        if (is_set) {                                                                                 \
            *out = s->value;                                                                          \
            s->signal.state = EM_SIGNAL_EMPTY_;                                                       \
        }                                                                                             \
        em_lock_release(&s->signal.lock, irq);                                                        \
        return is_set ? EM_OK : EM_ERR_AGAIN;                                                         \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_reset(name *s)                                  \
    {                                                                                                 \
        em_signal_reset(&s->signal);                                                                  \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_set(const name *s)                           \
    {                                                                                                 \
        return em_signal_is_set(&s->signal);                                                          \
    }                                                                                                 \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

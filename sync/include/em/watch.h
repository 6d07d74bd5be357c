/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Watches: the latest value of something, for any number of receivers, each of which knows which one it has seen.
 *
 * Flow: name_send -> all who wait -> name_changed is ready;  name_receiver -> name_try_changed
 *
 * Rules for watches:
 *  - A zeroed watch has no value. static name w = EM_WATCH_INIT(value): it has one, which is no change to anybody.
 *  - Each send is a new version of the value. Receivers see the latest; versions sent meanwhile are skipped.
 *  - A receiver has seen a version or not: what returns a value by a receiver marks its version as seen, what returns
 *    none, or one that a predicate refused, does not. A new receiver has seen nothing: what was sent before is a
 *    change. peek is without a receiver, and marks nothing.
 *  - A receiver is two words wherever its owner keeps it, and the watch does not know it: there is no limit, nothing
 *    to give back, and one that only tries can be an ISR's.
 *  - A receiver's functions and its waits are for one task at a time; an ISR may share it by the try_ functions.
 *  - clear takes the value away, and is no change: who waits goes on waiting.
 *  - Predicates and modifiers run with nothing locked or masked, on a copy; they cannot wait. A modifier that was
 *    overtaken by another send runs again, on the new value: only what its last run made is sent.
 *  - A wait that is dropped has seen nothing.
 */
#pragma once

#include <em/generated.h>
#include <em/wait_all.h>

typedef struct em_watch {
    em_wait_all readers;
    uint64_t version; /* counts sends */
    bool has_value;
    em_lock lock;
} em_watch;

typedef struct em_watch_receiver {
    em_watch *watch;
    uint64_t seen; /* the version, 0: none */
} em_watch_receiver;

/* The waits for a value start with this. */
typedef struct em_watch_wait_future {
    em_future future;
    em_wait_all_node node;
    em_watch_receiver *receiver;
} em_watch_wait_future;

/* A watch that has a value, static name w = EM_WATCH_INIT(value); the value may be in braces. */
#define EM_WATCH_INIT(...) {.watch = {.has_value = true}, .value = __VA_ARGS__}

/* -- for EM_WATCH_TYPE ------------------------------------------------------------------------------ */

/** Is there a value, and, if @p r is not NULL, one that it has not seen? Context: with the lock */
static inline bool em_watch_due_(const em_watch *w, const em_watch_receiver *r)
{
    return w->has_value && (!r || r->seen < w->version);
}

/** The value is another, or, if not @p has_value, gone. Context: task | isr | any hart, with the lock; releases it */
void em_watch_sent_(em_watch *w, bool has_value, em_irq irq);

/** Take the lock; if the value is another than that of @p version, release it: false. Context: task | isr | any hart */
bool em_watch_is_still_(em_watch *w, uint64_t version, bool has_value, em_irq *irq);

/** A wait was ready: it is over, and the value is seen. Context: task, with the lock, which it releases */
void em_watch_got_(em_watch_wait_future *f, em_irq irq);

/**
 * Wait in any case; if there is a value to look at, true, with the lock.
 *
 * Context: task
 * Cost:    O(1)
 */
bool em_watch_wait_and_look_(em_watch_wait_future *f, em_context *cx, bool changed, em_irq *irq);

/** The predicate has accepted @p version: the wait is over. Context: task */
void em_watch_accept_(em_watch_wait_future *f, uint64_t version);

/** @p r has seen @p version, and perhaps a later one. Context: task | isr | any hart */
void em_watch_mark_(em_watch_receiver *r, uint64_t version);

/** The drop of a wait. Context: task */
void em_watch_wait_drop_(em_future *f);

void em_watch_clear_(em_watch *w);

/**
 * EM_WATCH_TYPE(name, T); expands to the type `name`, a watch of a value of type T, and
 *
 *     void name_send(name *, T)              this is the value
 *     void name_send_modify(name *, void (*modify)(T *, bool *has_value, void *arg), void *arg)
 *                                            what modify makes of a copy is the value, if it leaves *has_value true.
 *                                            Where it was false, *T is unspecified
 *     bool name_send_if_modified(name *, bool (*modify)(T *, bool *has_value, void *arg), void *arg)
 *                                            the same, but only if modify returns true, which this returns; else
 *                                            nothing has happened
 *     void name_clear(name *)                there is no value
 *     int  name_try_peek(name *, T *)        EM_OK | EM_ERR_AGAIN: there is none
 *     int  name_try_peek_and(name *, predicate, void *arg, T *)      EM_ERR_AGAIN also: refused
 *     bool name_contains_value(const name *)
 *     uint64_t name_version(const name *)    how often one was sent
 *
 *     name_receiver *name_receiver_init(name_receiver *, name *)     a new receiver
 *     name_get_future *name_get(name_get_future *, name_receiver *)              awaitable, out: T, there is a value
 *     name_changed_future *name_changed(name_changed_future *, name_receiver *)  awaitable, out: T that it has not seen
 *     name_get_and_future *name_get_and(name_get_and_future *, name_receiver *, predicate, void *arg)
 *     name_changed_and_future *name_changed_and(name_changed_and_future *, name_receiver *, predicate, void *arg)
 *                                            the same, but only a value that the predicate accepts
 *     int  name_try_get(name_receiver *, T *), name_try_changed(name_receiver *, T *)
 *     int  name_try_get_and(name_receiver *, predicate, void *arg, T *), name_try_changed_and(…)
 *                                            EM_OK | EM_ERR_AGAIN: there is none
 *
 * where predicate is bool (*)(T const *, void *arg). A wait that is dropped has seen nothing.
 *
 * Context: task | isr | any hart | init, but the awaitables: task
 * Cost:    O(1), and sending one critical section for each task that waits, whatever it waits for
 */
#define EM_WATCH_TYPE(name, T)                                                                        \
    EM_GENERATED_                                                                                     \
    typedef struct name {                                                                             \
        em_watch watch;                                                                               \
        T value;                                                                                      \
    } name;                                                                                           \
    typedef struct name##_receiver {                                                                  \
        em_watch_receiver receiver;                                                                   \
    } name##_receiver;                                                                                \
    EM_WATCH_SEND_(name, T)                                                                           \
    EM_WATCH_PEEK_(name, T)                                                                           \
    EM_WATCH_RECEIVE_(name, get, T, false)                                                            \
    EM_WATCH_RECEIVE_(name, changed, T, true)                                                         \
    EM_WATCH_RECEIVE_AND_(name, get_and, T, false)                                                    \
    EM_WATCH_RECEIVE_AND_(name, changed_and, T, true)                                                 \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_WATCH_SEND_(name, T)                                                                       \
    __attribute__((unused)) static inline void name##_send(name *w, T value)                          \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&w->watch.lock);                                                 \
        w->value = value;                                                                             \
        em_watch_sent_(&w->watch, true, irq);                                                         \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_modify_(name *w, void (*always)(T *, bool *, void *), \
                                                              bool (*perhaps)(T *, bool *, void *), void *arg_) \
    {                                                                                                 \
        for (;;) {                                                                                    \
            em_irq irq = em_lock_acquire(&w->watch.lock);                                             \
            T value = w->value;                                                                       \
            bool had_value = w->watch.has_value;                                                      \
            uint64_t version = w->watch.version;                                                      \
            em_lock_release(&w->watch.lock, irq);                                                     \
            bool has_value = had_value;                                                               \
            if (always) {                                                                             \
                always(&value, &has_value, arg_);                                                     \
            } else if (!perhaps(&value, &has_value, arg_)) {                                          \
                return false;                                                                         \
            }                                                                                         \
            if (em_watch_is_still_(&w->watch, version, had_value, &irq)) {                            \
                w->value = value;                                                                     \
                em_watch_sent_(&w->watch, has_value, irq);                                            \
                return true;                                                                          \
            }                                                                                         \
        }                                                                                             \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_send_modify(name *w, void (*modify)(T *, bool *, void *), \
                                                                  void *arg_)                         \
    {                                                                                                 \
        name##_modify_(w, modify, NULL, arg_);                                                        \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_send_if_modified(name *w, bool (*modify)(T *, bool *, void *), \
                                                                       void *arg_)                    \
    {                                                                                                 \
        return name##_modify_(w, NULL, modify, arg_);                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_clear(name *w)                                  \
    {                                                                                                 \
        em_watch_clear_(&w->watch);                                                                   \
    }

#define EM_WATCH_PEEK_(name, T)                                                                       \
    /* As em_watch_due_(): the value, and its version. */                                             \
    EM_MUST_USE __attribute__((unused)) static inline bool name##_copy_(name *w, const em_watch_receiver *r, T *value, \
                                                                        uint64_t *version)            \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&w->watch.lock);                                                 \
        bool due = em_watch_due_(&w->watch, r);                                                       \
        if (due) {                                                                                    \
            *value = w->value;                                                                        \
            *version = w->watch.version;                                                              \
        }                                                                                             \
        em_lock_release(&w->watch.lock, irq);                                                         \
        return due;                                                                                   \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_peek(name *w, T *out_)           \
    {                                                                                                 \
        uint64_t version;                                                                             \
        return name##_copy_(w, NULL, out_, &version) ? EM_OK : EM_ERR_AGAIN;                          \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_peek_and(                        \
        name *w, bool (*predicate_)(T const *, void *), void *arg_, T *out_)                          \
    {                                                                                                 \
        T value;                                                                                      \
        uint64_t version;                                                                             \
        if (!name##_copy_(w, NULL, &value, &version) || !predicate_(&value, arg_)) {                  \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        *out_ = value;                                                                                \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_contains_value(const name *w)                   \
    {                                                                                                 \
        return w->watch.has_value;                                                                    \
    }                                                                                                 \
    __attribute__((unused)) static inline uint64_t name##_version(const name *w)                      \
    {                                                                                                 \
        return w->watch.version;                                                                      \
    }                                                                                                 \
    __attribute__((unused)) static inline name##_receiver *name##_receiver_init(name##_receiver *r, name *w) \
    {                                                                                                 \
        r->receiver.watch = &w->watch;                                                                \
        r->receiver.seen = 0;                                                                         \
        return r;                                                                                     \
    }

/* verb: get or changed, with `only_changed` */
#define EM_WATCH_RECEIVE_(name, verb, T, only_changed)                                                \
    typedef struct name##_##verb##_future {                                                           \
        union {                                                                                       \
            em_future future;                                                                         \
            em_watch_wait_future wait;                                                                \
        };                                                                                            \
        T out;                                                                                        \
    } name##_##verb##_future;                                                                         \
    __attribute__((unused)) static inline em_poll name##_##verb##_poll_(em_future *future, em_context *cx) \
    {                                                                                                 \
        name##_##verb##_future *f = (name##_##verb##_future *)(void *)future;                         \
        em_watch *w = f->wait.receiver->watch;                                                        \
        em_irq irq = em_lock_acquire(&w->lock);                                                       \
        if (!em_watch_due_(w, (only_changed) ? f->wait.receiver : NULL)) {                            \
            return em_wait_all_wait(&w->readers, &f->wait.node, cx, &w->lock, irq);                   \
        }                                                                                             \
        f->out = ((name *)(void *)w)->value;                                                          \
        em_watch_got_(&f->wait, irq);                                                                 \
        return EM_READY;                                                                              \
    }                                                                                                 \
    static const em_future_ops name##_##verb##_ops_ = {name##_##verb##_poll_, em_watch_wait_drop_, #name "_" #verb}; \
    __attribute__((unused)) static inline name##_##verb##_future *name##_##verb(name##_##verb##_future *f, \
                                                                                name##_receiver *r)   \
    {                                                                                                 \
        f->future.ops = &name##_##verb##_ops_;                                                        \
        em_wait_all_node_init(&f->wait.node);                                                         \
        f->wait.receiver = &r->receiver;                                                              \
        return f;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_##verb(name##_receiver *r, T *out_) \
    {                                                                                                 \
        em_watch *w = r->receiver.watch;                                                              \
        em_irq irq = em_lock_acquire(&w->lock);                                                       \
        bool due = em_watch_due_(w, (only_changed) ? &r->receiver : NULL);                            \
        if (due) {                                                                                    \
            *out_ = ((name *)(void *)w)->value;                                                       \
            r->receiver.seen = w->version;                                                            \
        }                                                                                             \
        em_lock_release(&w->lock, irq);                                                               \
        return due ? EM_OK : EM_ERR_AGAIN;                                                            \
    }

/* verb: get_and or changed_and. The predicate sees a copy in out, with the wait in the list already. */
#define EM_WATCH_RECEIVE_AND_(name, verb, T, only_changed)                                            \
    typedef struct name##_##verb##_future {                                                           \
        union {                                                                                       \
            em_future future;                                                                         \
            em_watch_wait_future wait;                                                                \
        };                                                                                            \
        T out;                                                                                        \
        bool (*predicate)(T const *, void *);                                                         \
        void *arg;                                                                                    \
    } name##_##verb##_future;                                                                         \
    __attribute__((unused)) static inline em_poll name##_##verb##_poll_(em_future *future, em_context *cx) \
    {                                                                                                 \
        name##_##verb##_future *f = (name##_##verb##_future *)(void *)future;                         \
        em_watch *w = f->wait.receiver->watch;                                                        \
        em_irq irq;                                                                                   \
        if (!em_watch_wait_and_look_(&f->wait, cx, (only_changed), &irq)) {                           \
            return EM_PENDING;                                                                        \
        }                                                                                             \
        f->out = ((name *)(void *)w)->value;                                                          \
        uint64_t version = w->version;                                                                \
        em_lock_release(&w->lock, irq);                                                               \
        if (!f->predicate(&f->out, f->arg)) {                                                         \
            return EM_PENDING;                                                                        \
        }                                                                                             \
        em_watch_accept_(&f->wait, version);                                                          \
        return EM_READY;                                                                              \
    }                                                                                                 \
    static const em_future_ops name##_##verb##_ops_ = {name##_##verb##_poll_, em_watch_wait_drop_, #name "_" #verb}; \
    __attribute__((unused)) static inline name##_##verb##_future *name##_##verb(                      \
        name##_##verb##_future *f, name##_receiver *r, bool (*predicate_)(T const *, void *), void *arg_) \
    {                                                                                                 \
        f->future.ops = &name##_##verb##_ops_;                                                        \
        em_wait_all_node_init(&f->wait.node);                                                         \
        f->wait.receiver = &r->receiver;                                                              \
        f->predicate = predicate_;                                                                    \
        f->arg = arg_;                                                                                \
        return f;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_##verb(                          \
        name##_receiver *r, bool (*predicate_)(T const *, void *), void *arg_, T *out_)               \
    {                                                                                                 \
        name *w = (name *)(void *)r->receiver.watch;                                                  \
        T value;                                                                                      \
        uint64_t version;                                                                             \
        if (!name##_copy_(w, (only_changed) ? &r->receiver : NULL, &value, &version) || !predicate_(&value, arg_)) { \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        em_watch_mark_(&r->receiver, version);                                                        \
        *out_ = value;                                                                                \
        return EM_OK;                                                                                 \
    }

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Publish and subscribe: a queue of N messages, each of which reaches every subscriber.
 *
 * Flow: publish -> the ring -> all subscribers that wait;  the slowest reads -> space -> the longest waiting publisher
 *
 * Rules for publishing and subscribing:
 *  - A zeroed one is empty, without subscribers. Anybody publishes; a subscriber is a name_subscriber, wherever
 *    its owner keeps it. There may be any number of both.
 *  - A subscriber gets, once each and in order, the messages published since it subscribed. A message leaves the
 *    queue when all have read it. Without subscribers publishing succeeds, and nothing is kept.
 *  - publish waits while the slowest subscriber has N messages to read. FIFO: space is for the publisher that waited
 *    longest, and nobody publishes before it but publish_immediate.
 *  - publish_immediate never waits: in a full queue it takes the place of the oldest message. Who had not read that
 *    one has missed it, as after clear, and is told how many it has missed before it gets the next.
 *  - A subscriber's functions and its waits are for one task at a time; an ISR may share it by the try_ functions.
 *  - Unsubscribe before the subscriber's storage goes, in FINALLY where the task may be cancelled, and not while a
 *    wait of it is pending. Publishers wait for ever for a subscriber that reads no more.
 *  - A publish that is dropped before it was ready has not published. A wait for a message that is dropped has
 *    taken nothing.
 */
#pragma once

#include <em/generated.h>
#include <em/pubsub_core.h>

/**
 * EM_PUBSUB_TYPE(name, T, N); expands to the type `name`, a queue of N >= 1 messages of type T, and
 *
 *     name_publish_future *name_publish(name_publish_future *, name *, T)   awaitable: it is in
 *     int  name_try_publish(name *, T)         EM_OK | EM_ERR_AGAIN: no room         task | isr | any hart
 *     void name_publish_immediate(name *, T)   in place of the oldest, if need be    task | isr | any hart
 *
 *     name_subscriber *name_subscribe(name_subscriber *, name *)   to what comes     task | isr | any hart | init
 *     void name_unsubscribe(name_subscriber *)   what it has not read is read by one less; nothing if it is zeroed
 *     name_next_message_future *name_next_message(name_next_message_future *, name_subscriber *)
 *                                              awaitable, out: name_result {uint64_t lagged; T message;}, where
 *                                              lagged is 0, or so many were missed, and message is not set
 *     name_next_message_pure_future *name_next_message_pure(name_next_message_pure_future *, name_subscriber *)
 *                                              awaitable, out: T; says nothing of what was missed
 *     int  name_try_next_message(name_subscriber *, name_result *)    EM_OK | EM_ERR_AGAIN: nothing to read
 *     int  name_try_next_message_pure(name_subscriber *, T *)         EM_OK | EM_ERR_AGAIN: nothing to read
 *     uint32_t name_available(const name_subscriber *)                how many it can read
 *
 *     void name_clear(name *)                  drops all; who had not read them has missed them
 *     uint32_t name_len(const name *), name_free(const name *), name_capacity(const name *)
 *     uint32_t name_subscribers(const name *)
 *     bool name_is_empty(const name *), name_is_full(const name *)
 *
 * Context: task | isr | any hart, but the awaitables: task. A publish that is dropped before it was ready has not
 * published; a wait that is dropped has taken nothing.
 * Cost: O(1), and publishing one critical section for each subscriber that waits; unsubscribing one for each message
 * that was kept for it alone. The message is copied into the future, into the queue, and out of it for each subscriber.
 */
#define EM_PUBSUB_TYPE(name, T, N)                                                                    \
    EM_GENERATED_                                                                                     \
    _Static_assert((N) >= 1, "EM_PUBSUB_TYPE(" #name "): it needs a capacity of at least 1");         \
    _Static_assert((N) <= 1 << 30, "EM_PUBSUB_TYPE(" #name "): a capacity of at most 2^30");          \
    typedef struct name {                                                                             \
        em_pubsub pubsub;                                                                             \
        uint32_t at[N];                                                                               \
        T messages[N];                                                                                \
    } name;                                                                                           \
    _Static_assert(offsetof(name, at) == sizeof(em_pubsub), "em_pubsub's counters are behind it");    \
    typedef struct name##_subscriber {                                                                \
        em_pubsub_subscriber subscriber;                                                              \
    } name##_subscriber;                                                                              \
    typedef struct name##_result {                                                                    \
        uint64_t lagged;                                                                              \
        T message;                                                                                    \
    } name##_result;                                                                                  \
    EM_PUBSUB_PUBLISH_(name, T, N)                                                                    \
    EM_PUBSUB_SUBSCRIBE_(name, N)                                                                     \
    EM_PUBSUB_NEXT_(name, next_message, N, name##_result, f->out.message, &f->out.lagged)             \
    EM_PUBSUB_NEXT_(name, next_message_pure, N, T, f->out, NULL)                                      \
    EM_PUBSUB_TRY_NEXT_(name, T, N)                                                                   \
    EM_PUBSUB_LOOK_(name, N)                                                                          \
    EM_GENERATED_END_                                                                                 \
    struct name /* takes the semicolon */

#define EM_PUBSUB_PUBLISH_(name, T, N)                                                                \
    typedef struct name##_publish_future {                                                            \
        em_future future;                                                                             \
        em_wait_node node;                                                                            \
        name *pubsub;                                                                                 \
        T message;                                                                                    \
    } name##_publish_future;                                                                          \
    __attribute__((unused)) static inline void name##_put_(name *p, T message_, em_irq irq)           \
    {                                                                                                 \
        int32_t end = em_pubsub_end_(&p->pubsub, (N));                                                \
        p->messages[end] = message_;                                                                  \
        em_pubsub_published_(&p->pubsub, end, irq);                                                   \
    }                                                                                                 \
    __attribute__((unused)) static inline em_poll name##_publish_poll_(em_future *future, em_context *cx) \
    {                                                                                                 \
        name##_publish_future *f = (name##_publish_future *)(void *)future;                           \
        em_pubsub *p = &f->pubsub->pubsub;                                                            \
        em_irq irq = em_lock_acquire(&p->lock);                                                       \
        if (!em_pubsub_turn_(p, (N), &f->node)) {                                                     \
            return em_wait_list_wait(&p->publishers, &f->node, cx, &p->lock, irq);                    \
        }                                                                                             \
        name##_put_(f->pubsub, f->message, irq);                                                      \
        return EM_READY;                                                                              \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_publish_drop_(em_future *future)                \
    {                                                                                                 \
        name##_publish_future *f = (name##_publish_future *)(void *)future;                           \
        em_pubsub_publish_leave_(&f->pubsub->pubsub, (N), &f->node);                                  \
    }                                                                                                 \
    static const em_future_ops name##_publish_ops_ = {name##_publish_poll_, name##_publish_drop_, #name "_publish"}; \
    __attribute__((unused)) static inline name##_publish_future *name##_publish(name##_publish_future *f, name *p, \
                                                                                T message_)           \
    {                                                                                                 \
        f->future.ops = &name##_publish_ops_;                                                         \
        em_wait_node_init(&f->node);                                                                  \
        f->pubsub = p;                                                                                \
        f->message = message_;                                                                        \
        return f;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_publish(name *p, T message_)     \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&p->pubsub.lock);                                                \
        if (!em_wait_list_empty(&p->pubsub.publishers) || !em_pubsub_has_room_(&p->pubsub, (N))) {    \
            em_lock_release(&p->pubsub.lock, irq);                                                    \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        name##_put_(p, message_, irq);                                                                \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_publish_immediate(name *p, T message_)          \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&p->pubsub.lock);                                                \
        em_pubsub_make_room_(&p->pubsub, (N));                                                        \
        name##_put_(p, message_, irq);                                                                \
    }

#define EM_PUBSUB_SUBSCRIBE_(name, N)                                                                 \
    __attribute__((unused)) static inline name##_subscriber *name##_subscribe(name##_subscriber *s, name *p) \
    {                                                                                                 \
        em_pubsub_subscribe_(&s->subscriber, &p->pubsub);                                             \
        return s;                                                                                     \
    }                                                                                                 \
    __attribute__((unused)) static inline void name##_unsubscribe(name##_subscriber *s)               \
    {                                                                                                 \
        em_pubsub_unsubscribe_(&s->subscriber, (N));                                                  \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_available(const name##_subscriber *s)       \
    {                                                                                                 \
        return em_pubsub_available_(&s->subscriber);                                                  \
    }

/* The awaitable `verb` with an out of type Out: where in it the message goes, and where the number of missed ones. */
#define EM_PUBSUB_NEXT_(name, verb, N, Out, message_out, lagged_out)                                  \
    typedef struct name##_##verb##_future {                                                           \
        union {                                                                                       \
            em_future future;                                                                         \
            em_pubsub_next_future next;                                                               \
        };                                                                                            \
        Out out;                                                                                      \
    } name##_##verb##_future;                                                                         \
    __attribute__((unused)) static inline em_poll name##_##verb##_poll_(em_future *future, em_context *cx) \
    {                                                                                                 \
        name##_##verb##_future *f = (name##_##verb##_future *)(void *)future;                         \
        em_pubsub *p = em_pubsub_of_(f->next.subscriber);                                             \
        em_irq irq = em_lock_acquire(&p->lock);                                                       \
        int32_t place_ = em_pubsub_look_(f->next.subscriber, (N), (lagged_out));                      \
        if (place_ == EM_PUBSUB_NOTHING_) {                                                           \
            return em_wait_all_wait(&p->readers, &f->next.node, cx, &p->lock, irq);                   \
        }                                                                                             \
        if (place_ >= 0) {                                                                            \
            (message_out) = ((name *)(void *)p)->messages[place_];                                    \
        }                                                                                             \
        return em_pubsub_next_ready_(&f->next, place_, (N), irq);                                     \
    }                                                                                                 \
    static const em_future_ops name##_##verb##_ops_ = {name##_##verb##_poll_, em_pubsub_next_drop_, #name "_" #verb}; \
    __attribute__((unused)) static inline name##_##verb##_future *name##_##verb(name##_##verb##_future *f, \
                                                                                name##_subscriber *s) \
    {                                                                                                 \
        f->future.ops = &name##_##verb##_ops_;                                                        \
        em_wait_all_node_init(&f->next.node);                                                         \
        f->next.subscriber = &s->subscriber;                                                          \
        return f;                                                                                     \
    }

#define EM_PUBSUB_TRY_NEXT_(name, T, N)                                                               \
    __attribute__((unused)) static inline int name##_try_next_(name##_subscriber *s, uint64_t *lagged, \
                                                               T *message_)                           \
    {                                                                                                 \
        em_pubsub *p = em_pubsub_of_(&s->subscriber);                                                 \
        em_irq irq = em_lock_acquire(&p->lock);                                                       \
        int32_t place_ = em_pubsub_look_(&s->subscriber, (N), lagged);                                \
        if (place_ < 0) {                                                                             \
            em_lock_release(&p->lock, irq);                                                           \
            /* With nobody to tell, missed ones are skipped: what is said to be there is set. */      \
            return lagged && place_ != EM_PUBSUB_NOTHING_ ? EM_OK : EM_ERR_AGAIN;                     \
        }                                                                                             \
        *message_ = ((name *)(void *)p)->messages[place_];                                            \
        em_pubsub_read_(&s->subscriber, place_, (N), irq);                                            \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_next_message(name##_subscriber *s, \
                                                                                  name##_result *out) \
    {                                                                                                 \
        return name##_try_next_(s, &out->lagged, &out->message);                                      \
    }                                                                                                 \
    EM_MUST_USE __attribute__((unused)) static inline int name##_try_next_message_pure(name##_subscriber *s, T *out) \
    {                                                                                                 \
        return name##_try_next_(s, NULL, out);                                                        \
    }

#define EM_PUBSUB_LOOK_(name, N)                                                                      \
    __attribute__((unused)) static inline void name##_clear(name *p)                                  \
    {                                                                                                 \
        em_pubsub_clear_(&p->pubsub);                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_len(const name *p)                          \
    {                                                                                                 \
        return (uint32_t)p->pubsub.length;                                                            \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_free(const name *p)                         \
    {                                                                                                 \
        return (uint32_t)((N)-p->pubsub.length);                                                      \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_capacity(const name *p)                     \
    {                                                                                                 \
        (void)p;                                                                                      \
        return (N);                                                                                   \
    }                                                                                                 \
    __attribute__((unused)) static inline uint32_t name##_subscribers(const name *p)                  \
    {                                                                                                 \
        return p->pubsub.subscribers;                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_empty(const name *p)                         \
    {                                                                                                 \
        return p->pubsub.length == 0;                                                                 \
    }                                                                                                 \
    __attribute__((unused)) static inline bool name##_is_full(const name *p)                          \
    {                                                                                                 \
        return p->pubsub.length == (N);                                                               \
    }

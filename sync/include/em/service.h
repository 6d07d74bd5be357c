/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Services: tasks that answer the requests of other tasks. A call waits for its answer.
 *
 *     EM_SERVICE_TYPE(adder, struct two, int);    static adder sums;
 *
 *     AWAIT_INTO(sum, adder_call(&self->call, &sums, (struct two){1, 2}));      a client
 *
 *     AWAIT_INTO(self->job, adder_next(&self->next, &sums));                    a server
 *     adder_reply(&sums, &self->job, self->job.request.a + self->job.request.b);
 *
 * Flow: call -> the queue -> the longest waiting server: next is ready -> reply -> the call is ready
 *
 * Rules for services:
 *  - A zeroed service is ready for use. Any number of clients and servers, on any hart. Requests are served in
 *    the order of the calls, by servers in the order of their waits; one whose request is withdrawn before it
 *    looks is before all others again.
 *  - A call that is dropped before a server has its request withdraws it: nobody sees it. Afterwards the server
 *    goes on, and its reply is dropped. It can ask name_is_wanted().
 *  - A server's wait that is dropped loses nothing: a request that it was woken for goes to the next server.
 *  - A server may have several requests at a time, answer them in any order, and hand a job to others, by value,
 *    which then reply. Each job is for one reply; a second one, or a late one, is dropped.
 *  - A server that has a job and ends, by a cancellation too, leaves its client waiting: call name_put_back() in
 *    FINALLY, which does nothing after a reply. Another server, or the same when it is there again, has it next.
 *  - Requests are copied. What they point to must be there even if the client was cancelled.
 */
#pragma once

#include <em/error.h>
#include <em/generated.h>
#include <em/lock.h>
#include <em/wait_list.h>

typedef struct em_service {
    em_wait_list queue;  /* calls, whose requests no server has */
    em_wait_list served; /* calls, whose requests a server has */
    em_wait_list servers;
    uint32_t queued;   /* how many are in the queue */
    uint32_t promised; /* of them, to servers that were woken. More than there are, if some were withdrawn */
    uint32_t numbers;  /* given to requests that a server has: a ticket is good for one */
    em_lock lock;
} em_service;

/* In a call's future. */
typedef struct em_service_call {
    em_future future;
    em_wait_node node; /* without a waker: posted */
    em_service *service;
    uint32_t number; /* 0: no server has it */
} em_service_call;

/* In a server's future. */
typedef struct em_service_next {
    em_future future;
    em_wait_node node;
    em_service *service;
} em_service_next;

/* What says which request a job is: only its number tells whether the call is still there. */
typedef struct em_service_ticket {
    em_service_call *call;
    uint32_t number;
} em_service_ticket;

/* A call's poll and drop. */
em_poll em_service_call_poll_(em_future *f, em_context *cx);
void em_service_call_drop_(em_future *f);
void em_service_next_drop_(em_future *f);

/* Queue a call whose answer nobody waits for. With the lock, which it releases */
void em_service_post_(em_service *s, em_service_call *c, em_irq irq);

/* The request that this server, or one that cannot wait (NULL), may have now. With the lock. NULL: none, and the
 * lock is released. */
em_service_call *em_service_take_(em_service *s, em_service_next *n, em_context *cx, em_irq irq);

/* The call of a ticket, or NULL: it is answered, or gone. With the lock */
em_service_call *em_service_find_(const em_service *s, em_service_ticket t);

/* A call found has its answer. With the lock, which it releases */
void em_service_answered_(em_service *s, em_service_call *c, em_irq irq);

void em_service_put_back_(em_service *s, em_service_ticket t);
bool em_service_is_wanted_(em_service *s, em_service_ticket t);

/**
 * EM_SERVICE_TYPE(name, Request, Response); expands to the type `name`, a service, the type `name_job`, which is
 * a request (`.request`) and who waits for its answer, and
 *
 *     name_call_future *name_call(name_call_future *, name *, Request)  awaitable, out: the answer, a Response
 *     name_next_future *name_next(name_next_future *, name *)           awaitable, out: name_job
 *     int name_try_next(name *, name_job *)                EM_OK | EM_ERR_AGAIN: no request   task | isr | any hart
 *     int name_reply(name *, const name_job *, Response)   EM_OK | EM_ERR_CANCELED: nobody waits for it any more,
 *                                                          it is dropped                      task | isr | any hart
 *     void name_put_back(name *, const name_job *)         it is next in the queue again      task | isr | any hart
 *     bool name_is_wanted(name *, const name_job *)        does somebody wait for it?         task | isr | any hart
 *     int name_post(name_call_future *, name *, Request)   a request whose answer nobody waits for. The storage is
 *                                                          static, starts zeroed, and is for posts only.
 *                                                          EM_OK | EM_ERR_BUSY: the one before is not answered
 *                                                                                             task | isr | any hart
 *     uint32_t name_len(const name *)                      how many requests no server has    task | isr | any hart
 *
 * Cost: O(1); reply, put_back and is_wanted look for the call among those that are being served. Requests and
 * answers are copied.
 */
#define EM_SERVICE_TYPE(name, Request, Response)    \
    EM_GENERATED_                                   \
    typedef struct name {                           \
        em_service service;                         \
    } name;                                         \
    typedef struct name##_job {                     \
        Request request;                            \
        em_service_ticket ticket;                   \
    } name##_job;                                   \
    EM_SERVICE_CALL_(name, Request, Response)       \
    EM_SERVICE_NEXT_(name)                          \
    EM_SERVICE_REPLY_(name, Response)               \
    EM_GENERATED_END_                               \
    struct name /* takes the semicolon */

#define EM_SERVICE_FN_ __attribute__((unused)) static inline

/* The future is at the start of the call, and the call at the start of the typed future. */
#define EM_SERVICE_CALL_(name, Request, Response)                                                     \
    typedef struct name##_call_future {                                                               \
        union {                                                                                       \
            em_future future;                                                                         \
            em_service_call call;                                                                     \
        };                                                                                            \
        Request request;                                                                              \
        Response out;                                                                                 \
    } name##_call_future;                                                                             \
    static const em_future_ops name##_call_ops_ = {em_service_call_poll_, em_service_call_drop_, #name "_call"}; \
    EM_SERVICE_FN_ name##_call_future *name##_call(name##_call_future *c, name *s, Request request)   \
    {                                                                                                 \
        c->future.ops = &name##_call_ops_;                                                            \
        em_wait_node_init(&c->call.node);                                                             \
        c->call.service = &s->service;                                                                \
        c->request = request;                                                                         \
        return c;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE EM_SERVICE_FN_ int name##_post(name##_call_future *c, name *s, Request request)       \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&s->service.lock);                                               \
        if (em_wait_node_waiting(&c->call.node)) {                                                    \
            em_lock_release(&s->service.lock, irq);                                                   \
            return EM_ERR_BUSY;                                                                       \
        }                                                                                             \
        c->request = request;                                                                         \
        em_service_post_(&s->service, &c->call, irq);                                                 \
        return EM_OK;                                                                                 \
    }

#define EM_SERVICE_NEXT_(name)                                                                        \
    typedef struct name##_next_future {                                                               \
        union {                                                                                       \
            em_future future;                                                                         \
            em_service_next next;                                                                     \
        };                                                                                            \
        name##_job out;                                                                               \
    } name##_next_future;                                                                             \
    /* With the lock, which it releases. */                                                           \
    EM_SERVICE_FN_ void name##_begin_(em_service *s, em_service_call *c, name##_job *out, em_irq irq) \
    {                                                                                                 \
        out->request = ((name##_call_future *)(void *)c)->request;                                    \
        out->ticket = (em_service_ticket){c, c->number};                                              \
        em_lock_release(&s->lock, irq);                                                               \
    }                                                                                                 \
    EM_SERVICE_FN_ em_poll name##_next_poll_(em_future *f, em_context *cx)                            \
    {                                                                                                 \
        name##_next_future *n = (name##_next_future *)(void *)f;                                      \
        em_service *s = n->next.service;                                                              \
        em_irq irq = em_lock_acquire(&s->lock);                                                       \
        em_service_call *c = em_service_take_(s, &n->next, cx, irq);                                  \
        if (!c) {                                                                                     \
            return EM_PENDING;                                                                        \
        }                                                                                             \
        name##_begin_(s, c, &n->out, irq);                                                            \
        return EM_READY;                                                                              \
    }                                                                                                 \
    static const em_future_ops name##_next_ops_ = {name##_next_poll_, em_service_next_drop_, #name "_next"}; \
    EM_SERVICE_FN_ name##_next_future *name##_next(name##_next_future *n, name *s)                    \
    {                                                                                                 \
        n->future.ops = &name##_next_ops_;                                                            \
        em_wait_node_init(&n->next.node);                                                             \
        n->next.service = &s->service;                                                                \
        return n;                                                                                     \
    }                                                                                                 \
    EM_MUST_USE EM_SERVICE_FN_ int name##_try_next(name *s, name##_job *out)                          \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&s->service.lock);                                               \
        em_service_call *c = em_service_take_(&s->service, NULL, NULL, irq);                          \
        if (!c) {                                                                                     \
            return EM_ERR_AGAIN;                                                                      \
        }                                                                                             \
        name##_begin_(&s->service, c, out, irq);                                                      \
        return EM_OK;                                                                                 \
    }

#define EM_SERVICE_REPLY_(name, Response)                                                             \
    EM_SERVICE_FN_ int name##_reply(name *s, const name##_job *job_, Response response)               \
    {                                                                                                 \
        em_irq irq = em_lock_acquire(&s->service.lock);                                               \
        em_service_call *c = em_service_find_(&s->service, job_->ticket);                             \
        if (!c) {                                                                                     \
            em_lock_release(&s->service.lock, irq);                                                   \
            return EM_ERR_CANCELED;                                                                   \
        }                                                                                             \
        ((name##_call_future *)(void *)c)->out = response;                                            \
        em_service_answered_(&s->service, c, irq);                                                    \
        return EM_OK;                                                                                 \
    }                                                                                                 \
    EM_SERVICE_FN_ void name##_put_back(name *s, const name##_job *job_)                              \
    {                                                                                                 \
        em_service_put_back_(&s->service, job_->ticket);                                              \
    }                                                                                                 \
    EM_SERVICE_FN_ bool name##_is_wanted(name *s, const name##_job *job_)                             \
    {                                                                                                 \
        return em_service_is_wanted_(&s->service, job_->ticket);                                      \
    }                                                                                                 \
    EM_SERVICE_FN_ uint32_t name##_len(const name *s)                                                 \
    {                                                                                                 \
        return s->service.queued;                                                                     \
    }

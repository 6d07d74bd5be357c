/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Services between harts: clients and servers that are cancelled at any moment. Every client that stays has its
 * own answer; nobody writes into the frame of one that has gone (users.c overwrites it, and looks nowhere else).
 *
 * Flow: main.c -> here -> users.c, sync/
 */
#include "scenarios.h"
#include "users.h"

#include <em/service.h>
#include <string.h>

EM_SERVICE_TYPE(negator, unsigned, unsigned);

static union {
    negator_call_future call;
    negator_next_future next;
} ops[USERS];

static negator service;
static negator_job jobs[USERS]; /* of servers */
static negator_call_future post;
static unsigned replied; /* to somebody */

static void reset(void)
{
    users_reset(ops, sizeof ops[0]);
    memset(&service, 0, sizeof service);
    memset(jobs, 0, sizeof jobs);
    memset(&post, 0, sizeof post);
    replied = 0;
}

/* Calls once or twice, each time with its own number. */
static em_poll call_body(user *u, em_context *cx)
{
    while (u->count < u->step) {
        unsigned request = 10 * (u->number + 1) + u->count;
        if (!u->op) {
            u->op = &negator_call(&ops[u->number].call, &service, request)->future;
        }
        if (!users_await(u, cx)) {
            return EM_PENDING;
        }
        explore_check(ops[u->number].call.out == ~request);
        u->count++;
    }
    return EM_READY;
}

static void put_back(user *u)
{
    if (u->has) {
        negator_put_back(&service, &jobs[u->number]);
        u->has = false;
    }
}

/* Serves for ever; lets others run while it has a job. */
static em_poll serve_body(user *u, em_context *cx)
{
    u->give_back = put_back;
    if (u->has) {
        u->has = false;
        replied += negator_reply(&service, &jobs[u->number], ~jobs[u->number].request) == EM_OK;
    }
    if (!u->op) {
        u->op = &negator_next(&ops[u->number].next, &service)->future;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    jobs[u->number] = ops[u->number].next.out;
    u->count++;
    u->has = true;
    return users_yield(u);
}

static void start_client(unsigned n, unsigned calls, unsigned hart)
{
    users_start(n, call_body, hart);
    users[n].step = calls;
}

static void try_serve(uintptr_t unused)
{
    negator_job job;
    (void)unused;
    if (negator_try_next(&service, &job) == EM_OK) {
        replied += negator_reply(&service, &job, ~job.request) == EM_OK;
    }
}

static void post_one(uintptr_t request)
{
    explore_check(negator_post(&post, &service, (unsigned)request) == EM_OK);
}

static bool is_idle(void)
{
    const em_service *s = &service.service;
    return s->queued == 0 && s->promised == 0 && s->queue.first == NULL && s->served.first == NULL;
}

/* Two clients, two servers. */
static void service_setup(void)
{
    reset();
    start_client(0, 1, 0);
    start_client(1, 1, 1);
    users_start(2, serve_body, 0);
    users_start(3, serve_body, 1);
    users_run(2);
}

static void service_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[1].life.ended && replied == 2);
    explore_check(users[2].count + users[3].count == 2 && is_idle());
}

/* One client is cancelled: before, while or after it is served. The other is served. */
static void service_cancel_setup(void)
{
    reset();
    start_client(0, 2, 0);
    start_client(1, 1, 1);
    users_start(2, serve_body, 1);
    users_run(2);
    explore_hart(2, users_cancel, 0);
}

static void service_cancel_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[1].count == 1 && is_idle());
}

/* Gives its first call up after a while, and calls again from the same storage. */
static em_poll impatient_body(user *u, em_context *cx)
{
    negator_call_future *call = &ops[u->number].call;
    if (u->step == 0) {
        u->op = &negator_call(call, &service, 1)->future;
        explore_check(!users_await(u, cx));
        u->step = 1;
        return users_yield(u);
    }
    if (u->step == 1) {
        em_future_drop(u->op);
        u->op = &negator_call(call, &service, 2)->future;
        u->step = 2;
    }
    if (!users_await(u, cx)) {
        return EM_PENDING;
    }
    explore_check(call->out == ~2u);
    u->count++;
    return EM_READY;
}

/* A reply comes late, or for the second call, or both. */
static void service_late_setup(void)
{
    reset();
    users_start(0, impatient_body, 0);
    users_start(2, serve_body, 1);
    users_start(3, serve_body, 0);
    users_run(2);
}

static void service_late_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && users[0].count == 1 && is_idle());
}

/* One server is cancelled: while it waits, when it was woken, when it has a job. The other has it then. */
static void service_restart_setup(void)
{
    reset();
    users_start(2, serve_body, 0);
    world_settle();
    users_start(3, serve_body, 1);
    world_settle();
    start_client(0, 1, 1);
    users_run(2);
    explore_hart(2, users_cancel, 2);
}

static void service_restart_quiet(void)
{
    world_quiet();
    explore_check(users[2].life.ended && users[0].count == 1 && replied == 1 && is_idle());
}

static void cancel_and_post(uintptr_t n)
{
    users_cancel(n);
    post_one(7);
}

/* A client goes, perhaps when the server has been woken for it, and there is another request. */
static void service_withdraw_setup(void)
{
    reset();
    users_start(2, serve_body, 0);
    world_settle();
    start_client(0, 1, 1);
    users_run(2);
    explore_hart(2, cancel_and_post, 0);
}

static void service_withdraw_quiet(void)
{
    world_quiet();
    explore_check(users[0].life.ended && is_idle() && post.out == ~7u && post.call.node.next == NULL);
    explore_check(replied >= 1 + users[0].count && replied <= 2);
}

/* Another hart looks for a request when the server that waits has been woken for it: nobody overtakes. */
static void service_try_setup(void)
{
    reset();
    users_start(2, serve_body, 1);
    world_settle();
    start_client(0, 1, 0);
    users_run(2);
    explore_hart(2, try_serve, 0);
}

static void service_try_quiet(void)
{
    world_quiet();
    explore_check(users[0].count == 1 && users[2].count == 1 && is_idle());
}

const explore_scenario scenarios_service[] = {
    {"service_calls", service_setup, service_quiet},
    {"service_late", service_late_setup, service_late_quiet},
    {"service_cancel", service_cancel_setup, service_cancel_quiet},
    {"service_restart", service_restart_setup, service_restart_quiet},
    {"service_withdraw", service_withdraw_setup, service_withdraw_quiet},
    {"service_try", service_try_setup, service_try_quiet},
    {NULL, NULL, NULL},
};

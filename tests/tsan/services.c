/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Clients and servers on both executors, who share a service; calls are given up at any time. Requests and
 * answers are plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 500, CLIENTS = 4, SERVERS = 2 };

typedef struct sum {
    unsigned a;
    unsigned b;
} sum;

EM_SERVICE_TYPE(adder, sum, unsigned);

static adder service;
static unsigned long answers[CLIENTS], served[SERVERS]; /* plain, each of one task */
static int32_t unfinished = CLIENTS;

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

/* Every third call is given up: before, while, or after it is served. Its storage is used again at once. */
TASK(client, POOL(CLIENTS), ARGS((unsigned, number)),
     VARS(adder_call_future call; em_yield yield; em_select2 select; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            if (self->i % 3 == 0) {
                AWAIT(SELECT(&self->select, em_yield_now(&self->yield),
                             adder_call(&self->call, &service, (sum){1u << 31, self->i})));
            }
            AWAIT(adder_call(&self->call, &service, (sum){self->number * ROUNDS, self->i}));
            check(self->call.out == self->number * ROUNDS + self->i, "somebody else's answer");
            answers[self->number]++;
        }
        __atomic_fetch_add(&unfinished, -1, __ATOMIC_RELEASE);
    }
}

/* Sometimes it lets the other one do it. Waits for ever in the end. */
TASK(server, POOL(SERVERS), ARGS((unsigned, number)), VARS(adder_next_future next; unsigned i))
{
    ASYNC {
        for (;; self->i++) {
            AWAIT(adder_next(&self->next, &service));
            if (self->i % 2) {
                YIELD();
            }
            if (self->i % 7 == 0) {
                adder_put_back(&service, &self->next.out);
            } else {
                adder_reply(&service, &self->next.out, self->next.out.request.a + self->next.out.request.b);
                served[self->number]++;
            }
        }
    }
}

void services_start(void)
{
    for (unsigned i = 0; i < CLIENTS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), client(i));
        if (i < SERVERS) {
            em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), server(i));
        }
    }
}

void services_finish(void)
{
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

void services_check(void)
{
    for (unsigned i = 0; i < CLIENTS; i++) {
        check(answers[i] == ROUNDS, "an answer was lost");
    }
    check(served[0] + served[1] >= CLIENTS * ROUNDS && adder_len(&service) == 0, "a request was lost");
}

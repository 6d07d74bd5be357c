/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The real executor and sync objects under ThreadSanitizer: two executors, four producers that stand for
 * interrupts and other harts.
 *
 *  - watchers: woken from everywhere; each must be polled after its last wake, and count every event
 *  - letters: plain data handed over by a wake alone
 *  - tenants: spawned, cancelled, respawned on either executor, with stale wakes all the time
 *  - visitors: spawned without a handle, from everywhere, into one slot
 *  - customers (objects.c, channels.c, waits.c, streams.c, services.c, priorities/inherit.c): tasks on both executors
 *    that share the objects of sync/, and joins
 *
 * Data of tasks is plain wherever the framework promises to order it, so a missing order is a reported race.
 *
 * Flow: main -> port_run_executors, producers -> em_wake, em_spawn, em_task_cancel
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PRODUCERS = 4, WATCHERS = 6, TENANT_SLOTS = 5, WAKES_A_LETTER = 16, WATCHDOG_SECONDS = 120 };

#define CHECK(ok)                                                        \
    do {                                                                 \
        if (!(ok)) {                                                     \
            printf("FAILED: %s (%s:%d)\n", #ok, __FILE__, __LINE__);     \
            fflush(stdout);                                              \
            _Exit(1);                                                    \
        }                                                                \
    } while (0)

#define ADD(counter) __atomic_fetch_add(&(counter), 1, __ATOMIC_RELAXED)
#define GET(counter) __atomic_load_n(&(counter), __ATOMIC_RELAXED)

/* Between the stress's own threads; not the product's, which mutants weaken. */
#define POST(flag, value) __atomic_store_n(&(flag), (value), __ATOMIC_RELEASE)
#define LOOK(flag) __atomic_load_n(&(flag), __ATOMIC_ACQUIRE)

static unsigned wakes_per_producer = 100000;
static unsigned long wakes;

/* -- watchers ------------------------------------------------------------------------------------- */

typedef struct watcher {
    em_waker waker;       /* written at the first poll, before ready */
    unsigned long events; /* that were to wake it; relaxed */
    unsigned long seen;   /* the task's own */
    unsigned long polls;
    int32_t ready;
} watcher;

static watcher watchers[WATCHERS];

static em_poll watch(void *arg, em_context *cx)
{
    watcher *w = arg;
    if (w->polls++ == 0) {
        w->waker = em_context_waker(cx);
        POST(w->ready, 1);
    }
    w->seen = GET(w->events);
    return EM_PENDING;
}

TASK(watch_task, POOL(WATCHERS), ARGS((watcher *, watcher)), VARS(em_poll_fn fn))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->fn, watch, self->watcher));
    }
}

static void wake_watcher(watcher *w)
{
    ADD(w->events);
    ADD(wakes);
    em_wake(w->waker);
}

/* -- letters: one producer, one task, plain contents ---------------------------------------------- */

typedef struct letter {
    em_waker waker;
    unsigned content; /* plain: the wake hands it over, the answer hands it back */
    unsigned read;    /* the task's own */
    int32_t answered;
    int32_t ready;
} letter;

static letter letters[PRODUCERS];

/* Its only waker is the writer: each poll but the first is for one letter. */
static em_poll read_letter(void *arg, em_context *cx)
{
    letter *l = arg;
    if (!LOOK(l->ready)) {
        l->waker = em_context_waker(cx);
        POST(l->ready, 1);
        return EM_PENDING;
    }
    CHECK(l->content == l->read + 1);
    l->read = l->content;
    POST(l->answered, (int32_t)l->read);
    return EM_PENDING;
}

TASK(letter_task, POOL(PRODUCERS), ARGS((letter *, letter)), VARS(em_poll_fn fn))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->fn, read_letter, self->letter));
    }
}

/* Write the next one, if the last was answered. */
static void write_letter(letter *l)
{
    if (LOOK(l->answered) == (int32_t)l->content) {
        l->content++;
        em_wake(l->waker);
    }
}

static void wait_for_answer(const letter *l)
{
    while (LOOK(l->answered) != (int32_t)l->content) {
        sched_yield();
    }
}

/* -- tenants -------------------------------------------------------------------------------------- */

typedef struct tenancy {
    em_executor *home;
    unsigned polls_left;
} tenancy;

static em_task *former_tenants[TENANT_SLOTS]; /* for stale wakes; relaxed */
static unsigned long spawned, ended, cancelled;
static unsigned long visited, left;

static em_poll dwell(void *arg, em_context *cx)
{
    tenancy *t = arg;
    (void)cx;
    CHECK(t->home == em_spawner_current().executor);
    return t->polls_left-- > 1 ? EM_PENDING : EM_READY;
}

#define TENANT_BODY(place)                                                                       \
    {                                                                                            \
        ASYNC_TRY {                                                                              \
            __atomic_store_n(&former_tenants[place], em_running_task(), __ATOMIC_RELAXED);       \
            AWAIT(em_poll_fn_start(&self->fn, dwell, &self->stay));                              \
        }                                                                                        \
        FINALLY {                                                                                \
            if (CANCELLED) {                                                                     \
                ADD(cancelled);                                                                  \
            } else {                                                                             \
                ADD(ended);                                                                      \
            }                                                                                    \
        }                                                                                        \
    }

TASK(tenant_a, ARGS((tenancy, stay)), VARS(em_poll_fn fn)) TENANT_BODY(0)
TASK(tenant_b, ARGS((tenancy, stay)), VARS(em_poll_fn fn)) TENANT_BODY(1)
TASK(tenant_c, POOL(3), ARGS((tenancy, stay)), VARS(em_poll_fn fn)) TENANT_BODY(2)

/* Comes without a handle and leaves by itself: nothing but its slot's state orders it and the next one. */
TASK(visitor, ARGS((em_executor *, home), (unsigned, yields)))
{
    ASYNC {
        while (self->yields-- > 0) {
            YIELD();
            CHECK(self->home == em_spawner_current().executor);
        }
        ADD(left);
    }
}

static void let_visit(uint64_t random)
{
    em_spawner home = em_spawner_hart((random >> 8) % PORT_EXECUTORS);
    if (em_spawn(home, visitor(home.executor, 1 + (unsigned)random % 3)) == EM_OK) {
        ADD(visited);
    }
}

static em_spawn_token claim_tenant(unsigned kind, tenancy stay)
{
    return kind == 0 ? tenant_a(stay) : kind == 1 ? tenant_b(stay) : tenant_c(stay);
}

/* Spawn a tenant on either executor, if there is room. True: *handle is it. */
static bool spawn_tenant(uint64_t random, em_task_handle *handle)
{
    em_spawner home = em_spawner_hart((random >> 8) % PORT_EXECUTORS);
    tenancy stay = {home.executor, 1 + (unsigned)(random >> 16) % 4};
    if (em_spawn_handle(home, claim_tenant((unsigned)random % 3, stay), handle) != EM_OK) {
        return false;
    }
    ADD(spawned);
    return true;
}

/* -- producers ------------------------------------------------------------------------------------ */

typedef struct producer {
    pthread_t thread;
    unsigned number;
    uint64_t random;
    em_task_handle mine; /* a tenant this producer spawned, to cancel */
} producer;

static producer producers[PRODUCERS];

static uint64_t next_random(producer *p)
{
    p->random ^= p->random >> 12;
    p->random ^= p->random << 25;
    p->random ^= p->random >> 27;
    return p->random * 2685821657736338717u >> 24;
}

/* The second build, whose executors have priorities. */
static void change_priority(producer *p, uint64_t r)
{
#ifdef PRIORITIES
    em_task_set_priority(p->mine, r % EM_PRIORITIES); /* it may have ended, too */
#endif
    (void)p, (void)r;
}

static void produce_one(producer *p)
{
    uint64_t r = next_random(p);

    let_visit(r >> 4);
    wake_watcher(&watchers[r % WATCHERS]);
    write_letter(&letters[p->number]);
    em_task *former = GET(former_tenants[(r >> 8) % TENANT_SLOTS]);
    if (former && (r >> 16) % 4 == 0) {
        em_wake((em_waker){former});
    }
    if ((r >> 20) % 8 == 0) {
        em_task_cancel(p->mine); /* it may have ended, and its slot have another tenant */
    }
    change_priority(p, r >> 28);
    if ((r >> 24) % 4 == 0 && em_task_ended(p->mine)) {
        spawn_tenant(next_random(p), &p->mine);
    }
    objects_event();
    broadcast_event();
}

static void *produce(void *arg)
{
    producer *p = arg;
    port_be_hart(p->number); /* 0, 1: as an interrupt of an executor's hart; 2, 3: as other harts */
    for (unsigned i = 0; i < wakes_per_producer; i++) {
        produce_one(p);
        if (i % WAKES_A_LETTER == 0) {
            wait_for_answer(&letters[p->number]); /* so that the executors keep up */
        }
    }
    return NULL;
}

static void start(void)
{
    for (unsigned i = 0; i < WATCHERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), watch_task(&watchers[i]));
    }
    for (unsigned i = 0; i < PRODUCERS; i++) {
        em_must_spawn(em_spawner_hart(i % PORT_EXECUTORS), letter_task(&letters[i]));
    }
    objects_start();
    channels_start();
    waits_start();
    streams_start();
    services_start();
    inherit_start();
    broadcast_start();
    port_run_executors();
    for (unsigned i = 0; i < WATCHERS; i++) {
        while (!LOOK(watchers[i].ready)) {
            sched_yield();
        }
    }
    for (unsigned i = 0; i < PRODUCERS; i++) {
        while (!LOOK(letters[i].ready)) {
            sched_yield();
        }
    }
}

static void run_producers(uint64_t seed)
{
    for (unsigned i = 0; i < PRODUCERS; i++) {
        producers[i].number = i;
        producers[i].random = seed * PRODUCERS + i + 1;
        CHECK(pthread_create(&producers[i].thread, NULL, produce, &producers[i]) == 0);
    }
    for (unsigned i = 0; i < PRODUCERS; i++) {
        pthread_join(producers[i].thread, NULL);
    }
}

/* Every slot of the tenants can be had again: each life has ended exactly once. */
static void check_slots_are_free(void)
{
    em_task_handle unused;
    static const unsigned kinds[TENANT_SLOTS + 1] = {0, 1, 2, 2, 2, 2};
    for (unsigned i = 0; i <= TENANT_SLOTS; i++) {
        int err = em_spawn_handle(em_spawner_hart(0), claim_tenant(kinds[i], (tenancy){NULL, 1}), &unused);
        CHECK(err == (i < TENANT_SLOTS ? EM_OK : EM_ERR_BUSY));
    }
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    unsigned long letters_read = 0, polls = 0;
    const char *count = getenv("EM_STRESS_WAKES");
    wakes_per_producer = count ? (unsigned)strtoul(count, NULL, 0) : wakes_per_producer;
    alarm(WATCHDOG_SECONDS); /* a lost wake is a run that does not end */

    start();
    run_producers(seed);
    for (unsigned i = 0; i < PRODUCERS; i++) {
        em_task_cancel(producers[i].mine);
        while (!em_task_ended(producers[i].mine)) {
            sched_yield();
        }
    }
    objects_finish();
    channels_finish();
    waits_finish();
    streams_finish();
    services_finish();
    inherit_finish();
    broadcast_finish();
    port_stop_executors();

    for (unsigned i = 0; i < WATCHERS; i++) {
        CHECK(watchers[i].seen == watchers[i].events);
        polls += watchers[i].polls;
    }
    for (unsigned i = 0; i < PRODUCERS; i++) {
        CHECK(letters[i].read == letters[i].content);
        letters_read += letters[i].read;
    }
    CHECK(wakes == (unsigned long)PRODUCERS * wakes_per_producer);
    CHECK(polls <= wakes + WATCHERS);
    CHECK(ended + cancelled <= spawned);
    CHECK(visited == left);
    objects_check();
    channels_check();
    waits_check();
    streams_check();
    services_check();
    inherit_check();
    broadcast_check();
    check_slots_are_free();
    printf("ok   %lu wakes, %lu polls, %lu letters, %lu tenants (%lu ended, %lu cancelled), %lu visitors, %lu pends, "
           "%lu objects\n",
           wakes, polls, letters_read, spawned, ended, cancelled, visited, port_pends(), objects_rounds());
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Many tasks: how they take turns, and how little RAM they need. No clock and no fake port: the same source
 * runs on the host and on a machine.
 */
#include "test.h"

#include <em/async.h>

static em_executor e;

static em_spawner here(void)
{
    return (em_spawner){&e};
}

static void run(void)
{
    while (!em_executor_is_idle(&e)) {
        em_executor_poll(&e);
    }
}

/* -- two ways to give way: YIELD, and a future written by hand ------------------------------------ */

typedef struct give_way {
    em_future future;
    bool polled;
} give_way;

static em_poll give_way_poll(em_future *f, em_context *cx)
{
    give_way *g = (give_way *)(void *)f;
    if (g->polled) {
        return EM_READY;
    }
    g->polled = true;
    em_wake(em_context_waker(cx));
    return EM_PENDING;
}

static const em_future_ops give_way_ops = {.poll = give_way_poll, .name = "give_way"};

static give_way *give_way_once(give_way *g)
{
    *g = (give_way){.future = {&give_way_ops}};
    return g;
}

TASK(by_yield, POOL(2), ARGS((const char *, name)), VARS(unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < 3; self->i++) {
            em_trace_number(self->name, self->i);
            YIELD();
        }
    }
}

TASK(by_poll, POOL(2), ARGS((const char *, name)), VARS(give_way g; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < 3; self->i++) {
            em_trace_number(self->name, self->i);
            AWAIT(give_way_once(&self->g));
        }
    }
}

static void yielding_and_polling_interleave_alike(void)
{
    em_must_spawn(here(), by_yield("a"));
    em_must_spawn(here(), by_yield("b"));
    run();
    CHECK_TRACE("a0 b0 a1 b1 a2 b2");
    em_must_spawn(here(), by_poll("a"));
    em_must_spawn(here(), by_poll("b"));
    run();
    CHECK_TRACE("a0 b0 a1 b1 a2 b2");
    em_must_spawn(here(), by_yield("a"));
    em_must_spawn(here(), by_poll("b"));
    run();
    CHECK_TRACE("a0 b0 a1 b1 a2 b2");
}

/* -- fairness ------------------------------------------------------------------------------------- */

static unsigned turns[10];
static bool stop;

TASK(hog, ARGS((unsigned, n)))
{
    ASYNC {
        while (!stop) {
            turns[self->n]++;
            em_wake(em_context_waker(cx)); /* twice and more: it still is one turn */
            em_wake(em_context_waker(cx));
            YIELD();
        }
    }
}

TASK(polite, POOL(9), ARGS((unsigned, n)))
{
    ASYNC {
        while (!stop) {
            turns[self->n]++;
            YIELD();
        }
    }
}

static void a_hog_and_nine_others_have_the_same_number_of_turns(void)
{
    em_must_spawn(here(), hog(0));
    for (unsigned i = 1; i < 10; i++) {
        em_must_spawn(here(), polite(i));
    }
    for (unsigned round = 1; round <= 1000; round++) {
        em_executor_poll(&e);
        for (unsigned i = 0; i < 10; i++) {
            CHECK(turns[i] == round);
        }
    }
    stop = true;
    run();
}

/* -- memory: 385 idle connections, with the frames of COPS (120, 80, 64, 176 bytes), in 64 KiB ------ */

static em_signal go;
static unsigned finished;

#define HEAD (3 * sizeof(void *) + sizeof(em_signal_wait_future))
#define IDLE_TASK(name, count, bytes)                                                          \
    TASK(name, POOL(count), VARS(em_signal_wait_future wait; char state[(bytes) - HEAD]))      \
    {                                                                                          \
        ASYNC {                                                                                \
            self->state[0] = 1;                                                                \
            AWAIT(em_signal_wait(&self->wait, &go));                                           \
            finished += (unsigned)self->state[0];                                              \
        }                                                                                      \
    }                                                                                          \
    _Static_assert(EM_CFG_CHECKS || sizeof(struct name) == (bytes), "a frame of the size that COPS has")
IDLE_TASK(accepter, 97, 120);
IDLE_TASK(reader, 96, 80);
IDLE_TASK(writer, 96, 176);

TASK(idler, POOL(96), VARS(em_signal_wait_future wait))
{
    ASYNC {
        AWAIT(em_signal_wait(&self->wait, &go));
        finished++;
    }
}
_Static_assert(EM_CFG_CHECKS || sizeof(struct idler) == 64, "a frame of the size that COPS has");

_Static_assert(EM_CFG_CHECKS || sizeof accepter__pool + sizeof reader__pool + sizeof idler__pool + sizeof writer__pool
                       + 4 * sizeof(em_pool) + sizeof(em_executor) <= 64 * 1024,
               "385 idle tasks and their executor fit into 64 KiB");

static void three_hundred_and_eighty_five_idle_tasks_fit_into_64_kib(void)
{
    for (unsigned i = 0; i < 97; i++) {
        em_must_spawn(here(), accepter());
    }
    for (unsigned i = 0; i < 96; i++) {
        em_must_spawn(here(), reader());
        em_must_spawn(here(), idler());
        em_must_spawn(here(), writer());
    }
    run();
    CHECK(finished == 0);
    for (unsigned i = 0; i < 385; i++) {
        CHECK(finished == i);
        em_signal_set(&go);
        run();
    }
    CHECK(finished == 385);
    CHECK(em_wait_list_empty(&go.waiters));
}

/* -- four rings of 128 tasks, a message going round in each ----------------------------------------- */

enum { RINGS = 4, STAGES = 128, LAPS = 20 };

EM_CHANNEL_TYPE(box, uint32_t, 1);

static box boxes[RINGS][STAGES];
static uint32_t came_home[RINGS];

TASK(stage, POOL(RINGS * STAGES), ARGS((unsigned, ring), (unsigned, number)),
     VARS(ONE_OF(box_receive_future receive, box_send_future send); unsigned lap))
{
    ASYNC {
        for (self->lap = 0; self->lap < LAPS; self->lap++) {
            AWAIT(box_receive(&self->receive, &boxes[self->ring][self->number]));
            if (self->receive.out == LAPS * STAGES - 1) {
                came_home[self->ring] = self->receive.out + 1;
                break;
            }
            AWAIT(box_send(&self->send, &boxes[self->ring][(self->number + 1) % STAGES], self->receive.out + 1));
        }
    }
}

static void a_message_goes_round_in_each_of_four_rings_of_128_tasks(void)
{
    for (unsigned ring = 0; ring < RINGS; ring++) {
        for (unsigned i = 0; i < STAGES; i++) {
            em_must_spawn(here(), stage(ring, i));
        }
        CHECK(box_try_send(&boxes[ring][0], 0) == EM_OK);
    }
    run();
    for (unsigned ring = 0; ring < RINGS; ring++) {
        CHECK(came_home[ring] == LAPS * STAGES);
        for (unsigned i = 0; i < STAGES; i++) {
            CHECK(box_is_empty(&boxes[ring][i]));
        }
    }
    CHECK(em_executor_is_idle(&e));
}

static const em_test tests[] = {
    TEST(yielding_and_polling_interleave_alike),
    TEST(a_hog_and_nine_others_have_the_same_number_of_turns),
    TEST(three_hundred_and_eighty_five_idle_tasks_fit_into_64_kib),
    TEST(a_message_goes_round_in_each_of_four_rings_of_128_tasks),
};

int main(void)
{
    RUN_TESTS(tests);
}

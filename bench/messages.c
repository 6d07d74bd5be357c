/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Messages from task to task, beside the channel of uncontended.c and pingpong.c: operations for which nobody
 * waits, and round trips between two tasks.
 *
 * Flow: one task, each object alone;  then a: send, receive -> b: receive, send -> a
 */
#include "bench.h"

#include <em/async.h>

EM_CHANNEL_TYPE(box, uint32_t, 4);
EM_PRIORITY_CHANNEL_TYPE(urgent, uint32_t, 16, EM_MAX_FIRST);
EM_ZEROCOPY_CHANNEL_TYPE(blocks, uint64_t, 4);
EM_SERVICE_TYPE(adder, uint32_t, uint32_t);

static box channel, channel_there, channel_back;
static urgent heap, heap_there, heap_back;
static blocks lent, lent_there, lent_back;
static adder sums;
static em_signal ended;

enum {
    READY_TO_SEND, READY_TO_RECEIVE,
    VIEW_TRY_SEND, VIEW_TRY_RECEIVE, VIEW_SEND, VIEW_RECEIVE, PINGPONG_VIEW,
    HEAP_TRY_SEND, HEAP_TRY_RECEIVE, HEAP_SEND, HEAP_RECEIVE, PINGPONG_HEAP,
    LEND_SEND, LEND_SENT, LEND_RECEIVE, LEND_RECEIVED, PINGPONG_LEND,
    PINGPONG_SERVICE,
};

static bench_row rows[] = {
    [READY_TO_SEND] = {.name = "channel_ready_to_send"},
    [READY_TO_RECEIVE] = {.name = "channel_ready_to_receive"},
    [VIEW_TRY_SEND] = {.name = "channel_view_try_send"},
    [VIEW_TRY_RECEIVE] = {.name = "channel_view_try_receive"},
    [VIEW_SEND] = {.name = "channel_view_send"},
    [VIEW_RECEIVE] = {.name = "channel_view_receive"},
    [PINGPONG_VIEW] = {.name = "pingpong_channel_view"},
    [HEAP_TRY_SEND] = {.name = "priority_8_try_send"},
    [HEAP_TRY_RECEIVE] = {.name = "priority_8_try_receive"},
    [HEAP_SEND] = {.name = "priority_8_send"},
    [HEAP_RECEIVE] = {.name = "priority_8_receive"},
    [PINGPONG_HEAP] = {.name = "pingpong_priority"},
    [LEND_SEND] = {.name = "zerocopy_try_send"},
    [LEND_SENT] = {.name = "zerocopy_send_done"},
    [LEND_RECEIVE] = {.name = "zerocopy_try_receive"},
    [LEND_RECEIVED] = {.name = "zerocopy_receive_done"},
    [PINGPONG_LEND] = {.name = "pingpong_zerocopy"},
    [PINGPONG_SERVICE] = {.name = "pingpong_service"},
};

/* -- nobody waits -------------------------------------------------------------------------------- */

static void try_view(uint32_t value)
{
    em_channel_view view = box_view(&channel);
    uint32_t out = 0;
    int sent;
    int received;

    BENCH_OF(&rows[VIEW_TRY_SEND], sent = em_channel_try_send(view, &value, sizeof value));
    BENCH_OF(&rows[VIEW_TRY_RECEIVE], received = em_channel_try_receive(view, &out, sizeof out));
    EM_ASSERT(sent == EM_OK && received == EM_OK && out == value);
}

/* Eight other values are in; this one's place among them changes from round to round. */
static uint32_t urgency(uint32_t round)
{
    return round * 37 % 101;
}

static void fill_heap(void)
{
    urgent_clear(&heap);
    for (uint32_t i = 0; i < 8; i++) {
        EM_ASSERT(urgent_try_send(&heap, urgency(100 - i)) == EM_OK);
    }
}

static void try_heap(uint32_t value)
{
    uint32_t out;
    int sent;
    int received;

    BENCH_OF(&rows[HEAP_TRY_SEND], sent = urgent_try_send(&heap, value));
    BENCH_OF(&rows[HEAP_TRY_RECEIVE], received = urgent_try_receive(&heap, &out));
    EM_ASSERT(sent == EM_OK && received == EM_OK && out >= value);
}

static void try_lent(uint64_t value)
{
    uint64_t *place = NULL;
    int err;

    BENCH_OF(&rows[LEND_SEND], err = blocks_try_send(&lent, &place));
    EM_ASSERT(err == EM_OK);
    *place = value;
    BENCH_OF(&rows[LEND_SENT], blocks_send_done(&lent, place));
    BENCH_OF(&rows[LEND_RECEIVE], err = blocks_try_receive(&lent, &place));
    EM_ASSERT(err == EM_OK && *place == value);
    BENCH_OF(&rows[LEND_RECEIVED], blocks_receive_done(&lent, place));
}

TASK(alone, VARS(box_ready_to_send_future space; box_ready_to_receive_future value; em_channel_send_future send;
                 em_channel_receive_future receive; urgent_send_future push; urgent_receive_future pop;
                 uint32_t in; uint32_t out; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            try_view(self->i);
            self->in = self->i;
            BENCH_OF(&rows[READY_TO_SEND], AWAIT(box_ready_to_send(&self->space, &channel)));
            BENCH_OF(&rows[VIEW_SEND],
                     AWAIT(em_channel_send(&self->send, box_view(&channel), &self->in, sizeof self->in)));
            BENCH_OF(&rows[READY_TO_RECEIVE], AWAIT(box_ready_to_receive(&self->value, &channel)));
            BENCH_OF(&rows[VIEW_RECEIVE],
                     AWAIT(em_channel_receive(&self->receive, box_view(&channel), &self->out, sizeof self->out)));
            EM_ASSERT(self->out == self->i);
            fill_heap();
            try_heap(urgency(self->i));
            fill_heap();
            BENCH_OF(&rows[HEAP_SEND], AWAIT(urgent_send(&self->push, &heap, urgency(self->i))));
            BENCH_OF(&rows[HEAP_RECEIVE], AWAIT(urgent_receive(&self->pop, &heap)));
            try_lent(self->i);
        }
        em_signal_set(&ended);
    }
}

/* -- there and back ------------------------------------------------------------------------------ */

TASK(view_a, ARGS((em_channel_view, there), (em_channel_view, back)),
     VARS(em_channel_send_future send; em_channel_receive_future receive; uint32_t value; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(em_channel_send(&self->send, self->there, &self->i, sizeof self->i));
            AWAIT(em_channel_receive(&self->receive, self->back, &self->value, sizeof self->value));
            BENCH_SAMPLE(&rows[PINGPONG_VIEW], BENCH_COUNT);
            EM_ASSERT(self->value == self->i);
        }
        em_signal_set(&ended);
    }
}

TASK(view_b, ARGS((em_channel_view, there), (em_channel_view, back)),
     VARS(em_channel_send_future send; em_channel_receive_future receive; uint32_t value))
{
    ASYNC {
        for (;;) {
            AWAIT(em_channel_receive(&self->receive, self->there, &self->value, sizeof self->value));
            AWAIT(em_channel_send(&self->send, self->back, &self->value, sizeof self->value));
        }
    }
}

TASK(heap_a, VARS(urgent_send_future send; urgent_receive_future receive; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(urgent_send(&self->send, &heap_there, self->i));
            AWAIT(urgent_receive(&self->receive, &heap_back));
            BENCH_SAMPLE(&rows[PINGPONG_HEAP], BENCH_COUNT);
            EM_ASSERT(self->receive.out == self->i);
        }
        em_signal_set(&ended);
    }
}

TASK(heap_b, VARS(urgent_send_future send; urgent_receive_future receive))
{
    ASYNC {
        for (;;) {
            AWAIT(urgent_receive(&self->receive, &heap_there));
            AWAIT(urgent_send(&self->send, &heap_back, self->receive.out));
        }
    }
}

TASK(lend_a, VARS(blocks_send_future send; blocks_receive_future receive; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(blocks_send(&self->send, &lent_there));
            *self->send.out = self->i;
            blocks_send_done(&lent_there, self->send.out);
            AWAIT(blocks_receive(&self->receive, &lent_back));
            EM_ASSERT(*self->receive.out == self->i);
            blocks_receive_done(&lent_back, self->receive.out);
            BENCH_SAMPLE(&rows[PINGPONG_LEND], BENCH_COUNT);
        }
        em_signal_set(&ended);
    }
}

TASK(lend_b, VARS(blocks_send_future send; blocks_receive_future receive))
{
    ASYNC {
        for (;;) {
            AWAIT(blocks_receive(&self->receive, &lent_there));
            AWAIT(blocks_send(&self->send, &lent_back));
            *self->send.out = *self->receive.out;
            blocks_receive_done(&lent_there, self->receive.out);
            blocks_send_done(&lent_back, self->send.out);
        }
    }
}

/* A call and its answer. */
TASK(client, VARS(adder_call_future call; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < BENCH_ROUNDS; self->i++) {
            BENCH_START();
            AWAIT(adder_call(&self->call, &sums, self->i));
            BENCH_SAMPLE(&rows[PINGPONG_SERVICE], BENCH_COUNT);
            EM_ASSERT(self->call.out == self->i + 1);
        }
        em_signal_set(&ended);
    }
}

TASK(server, VARS(adder_next_future next))
{
    ASYNC {
        for (;;) {
            AWAIT(adder_next(&self->next, &sums));
            (void)adder_reply(&sums, &self->next.out, self->next.out.request + 1);
        }
    }
}

/* b first, so that it waits when a begins. */
MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, alone());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, view_b(box_view(&channel_there), box_view(&channel_back)));
        em_must_spawn(self->spawner, view_a(box_view(&channel_there), box_view(&channel_back)));
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, heap_b());
        em_must_spawn(self->spawner, heap_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, lend_b());
        em_must_spawn(self->spawner, lend_a());
        AWAIT(em_signal_wait(&self->wait, &ended));
        em_must_spawn(self->spawner, server());
        em_must_spawn(self->spawner, client());
        AWAIT(em_signal_wait(&self->wait, &ended));
        BENCH_END(rows);
    }
}

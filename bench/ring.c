/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Four rings of 128 tasks, a message going round in each: what one hop costs, from a task that has received it
 * to the next one that has. A stage does nothing but count.
 *
 * Flow: a stage: receive from its own channel, send to the next one's
 */
#include "bench.h"

#include <em/async.h>

enum { RINGS = 4, STAGES = 128 };

EM_CHANNEL_TYPE(box, uint32_t, 1);

static box boxes[RINGS][STAGES];
static bench_row rows[] = {{.name = "ring_hop", .divisor = RINGS * STAGES}};

/* Once round for its message is once round for every other's. */
static void lap(uint32_t hops)
{
    if (hops > 0) {
        BENCH_SAMPLE(&rows[0], BENCH_COUNT);
    }
    EM_ASSERT(hops % STAGES == 0);
    if (hops == BENCH_ROUNDS * STAGES) {
        BENCH_END(rows);
    }
}

TASK(stage, POOL(RINGS * STAGES), ARGS((box *, in), (box *, out)),
     VARS(ONE_OF(box_receive_future receive, box_send_future send)))
{
    ASYNC {
        for (;;) {
            AWAIT(box_receive(&self->receive, self->in));
            AWAIT(box_send(&self->send, self->out, self->receive.out + 1));
        }
    }
}

/* The first stage of the first ring takes the samples. */
TASK(first_stage, VARS(ONE_OF(box_receive_future receive, box_send_future send)))
{
    ASYNC {
        for (;;) {
            AWAIT(box_receive(&self->receive, &boxes[0][0]));
            lap(self->receive.out);
            BENCH_START();
            AWAIT(box_send(&self->send, &boxes[0][1], self->receive.out + 1));
        }
    }
}

MAIN(VARS(unsigned i))
{
    ASYNC {
        bench_self_test();
        em_must_spawn(self->spawner, first_stage());
        for (self->i = 1; self->i < RINGS * STAGES; self->i++) {
            box *ring = boxes[self->i / STAGES];
            em_must_spawn(self->spawner,
                          stage(&ring[self->i % STAGES], &ring[(self->i + 1) % STAGES]));
        }
        for (self->i = 0; self->i < RINGS; self->i++) {
            EM_ASSERT(box_try_send(&boxes[self->i][0], 0) == EM_OK);
        }
    }
}

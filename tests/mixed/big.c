/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The big harts' image: each of them has numbers squared by the small one. */
#include "mixed.h"

#include <em/async.h>
#include <em/board.h>
#include <em/doorbell.h>

enum { EACH = 2500 };

EM_CHANNEL_TYPE(mail, message, 8);

static mail outbox;
static em_ring_end out, in;
static em_signal room;
static em_semaphore answered;
static double sums[4]; /* each hart has floating point */

TASK(customer, POOL(4), VARS(mail_send_future send; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < EACH; self->i++) {
            AWAIT(mail_send(&self->send, &outbox, (message){em_hart_id(), self->i, 0}));
        }
    }
}

TASK(sender, VARS(mail_receive_future receive; em_signal_wait_future wait; int put))
{
    ASYNC {
        for (;;) {
            AWAIT(mail_receive(&self->receive, &outbox));
            while ((self->put = em_shared_ring_put(&out, &self->receive.out)) == EM_ERR_AGAIN) {
                AWAIT(em_signal_wait(&self->wait, &room));
            }
            EM_ASSERT(self->put >= 0);
            if (self->put) {
                em_doorbell_ring(SMALL_HART);
            }
        }
    }
}

/* Take what there is. */
static void collect(void)
{
    message m;
    int taken;
    while ((taken = em_shared_ring_take(&in, &m)) != EM_ERR_AGAIN) {
        EM_ASSERT(taken >= 0 && m.from < 4 && m.square == (uint64_t)m.number * m.number);
        sums[m.from] += (double)m.square;
        if (taken) {
            em_doorbell_ring(SMALL_HART);
        }
        em_semaphore_release(&answered, 1);
    }
    em_signal_set(&room);
}

TASK(collector, VARS(em_signal *bell; em_signal_wait_future wait))
{
    ASYNC {
        self->bell = em_doorbell();
        for (;;) {
            AWAIT(em_signal_wait(&self->wait, self->bell));
            collect();
        }
    }
}

static bool sums_are_right(void)
{
    double sum = 0;
    for (unsigned i = 0; i < EACH; i++) {
        sum += (double)i * i;
    }
    for (unsigned h = 0; h < em_hart_count(); h++) {
        if (sums[h] != sum) {
            return false;
        }
    }
    return true;
}

MAIN(VARS(em_semaphore_acquire_future acquire))
{
    ASYNC {
        let_the_others_go();
        EM_ASSERT(em_shared_ring_create(&out, to_small(), half(), sizeof(message), ENTRIES) == EM_OK);
        EM_ASSERT(em_shared_ring_create(&in, to_big(), half(), sizeof(message), ENTRIES) == EM_OK);
        em_doorbell_ring(SMALL_HART);
        em_must_spawn(self->spawner, sender());
        em_must_spawn(self->spawner, collector());
        for (unsigned h = 0; h < em_hart_count(); h++) {
            EM_ASSERT(em_hart_physical(h) != SMALL_HART);
            em_must_spawn(em_spawner_hart(h), customer());
        }
        AWAIT(em_semaphore_acquire(&self->acquire, &answered, EACH * em_hart_count()));
        em_print("%u big harts and a small one: %u messages each way, %s\n", em_hart_count(), EACH * em_hart_count(),
                 sums_are_right() ? "all sums right" : "a sum is wrong");
        em_board_exit(0);
    }
}

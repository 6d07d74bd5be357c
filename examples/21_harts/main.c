/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * All harts at work: a job in pieces, each spawned on the hart that has the fewest tasks, and answers by a channel.
 *
 *     tools/em run --smp 4 harts
 *
 * The same image runs on as many harts as the machine has, and prints the same with one. A task stays on the hart that
 * it was spawned on; what it shares with others are objects of em/async.h, which work between harts as between tasks.
 */
#include <em/async.h>
#include <em/board.h>

enum { PIECES = 16, SIZE = 1250 };

typedef struct answer {
    unsigned piece;
    unsigned primes;
} answer;

EM_CHANNEL_TYPE(answers, answer, 4);
static answers inbox;

static bool is_prime(unsigned n)
{
    for (unsigned d = 2; d * d <= n; d++) {
        if (n % d == 0) {
            return false;
        }
    }
    return n >= 2;
}

TASK(count, POOL(PIECES), ARGS((unsigned, piece)),
     VARS(answers_send_future send; unsigned hart; unsigned n; unsigned primes))
{
    ASYNC {
        self->hart = em_hart_id();
        for (self->n = 0; self->n < SIZE; self->n++) {
            self->primes += is_prime(self->piece * SIZE + self->n);
            if (self->n % 100 == 0) {
                YIELD(); /* others of this hart want to get on, too */
            }
        }
        EM_ASSERT(em_hart_id() == self->hart);
        AWAIT(answers_send(&self->send, &inbox, (answer){self->piece, self->primes}));
    }
}

MAIN(VARS(answers_receive_future receive; unsigned i; unsigned primes; unsigned pieces))
{
    ASYNC {
        for (unsigned i = 0; i < PIECES; i++) {
            em_must_spawn(em_spawner_least_loaded(), count(i));
        }
        for (self->i = 0; self->i < PIECES; self->i++) {
            AWAIT(answers_receive(&self->receive, &inbox));
            self->pieces |= 1u << self->receive.out.piece;
            self->primes += self->receive.out.primes;
        }
        em_print("%u primes below %u, in %u pieces%s\n", self->primes, PIECES * SIZE, PIECES,
                 self->pieces == (1u << PIECES) - 1 ? "" : ", but not all");
        em_board_exit(0);
    }
}

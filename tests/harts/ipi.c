/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Interrupts between harts: hardly any to a hart that is busy, one for each message that is urgent.
 *
 * run: --smp 2
 * expect: 100000 messages to a busy hart: \d{1,3} interrupts
 * expect: 1000 urgent messages to a busy hart: 1000 interrupts
 * expect: 1000 messages to a hart that sleeps: no more than 1000 interrupts, and no less than one
 */
#include <em/async.h>
#include <em/board.h>
#include <em/level.h>

enum { MESSAGES = 100000, URGENT = 1000 };

EM_CHANNEL_TYPE(wire, unsigned, 64);
static wire messages;
static em_signal arrived, served;
static em_semaphore ready;
static em_waker urgent;
static int32_t to_hart_1, busy = 1;

/* In place of em_ipi_raise_ (--wrap), around it. */
void __real_em_ipi_raise_(unsigned hart);
void __wrap_em_ipi_raise_(unsigned hart);

void __wrap_em_ipi_raise_(unsigned hart)
{
    if (hart == 1) {
        em_atomic_add(&to_hart_1, 1);
    }
    __real_em_ipi_raise_(hart);
}

TASK(keeps_busy)
{
    ASYNC {
        while (em_atomic_load(&busy)) {
            YIELD();
        }
    }
}

TASK(receiver, VARS(wire_receive_future receive; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < MESSAGES + URGENT; self->i++) {
            AWAIT(wire_receive(&self->receive, &messages));
            EM_ASSERT(self->receive.out == self->i);
            if (self->i + 1 == MESSAGES || self->i >= MESSAGES) {
                em_signal_set(&arrived);
            }
        }
    }
}

/* Is never ready: each poll but the first is for one wake. */
static em_poll serve(void *arg, em_context *cx)
{
    (void)arg;
    if (!urgent.task) {
        urgent = em_context_waker(cx);
        em_semaphore_release(&ready, 1);
    } else {
        em_signal_set(&served);
    }
    return EM_PENDING;
}

TASK(server, VARS(em_poll_fn fn))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->fn, serve, NULL));
    }
}

/* The levels of hart 1 are to be had there. */
TASK(on_hart_1)
{
    ASYNC {
        em_must_spawn(em_spawner_level(2), server());
        em_must_spawn(em_spawner_current(), keeps_busy());
    }
}

static int32_t interrupts(void)
{
    return (int32_t)em_atomic_swap(&to_hart_1, 0);
}

MAIN(VARS(wire_send_future send; em_signal_wait_future wait; em_semaphore_acquire_future acquire; unsigned i))
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), on_hart_1());
        em_must_spawn(em_spawner_hart(1), receiver());
        AWAIT(em_semaphore_acquire(&self->acquire, &ready, 1));
        interrupts();
        for (self->i = 0; self->i < MESSAGES; self->i++) {
            AWAIT(wire_send(&self->send, &messages, self->i));
        }
        AWAIT(em_signal_wait(&self->wait, &arrived));
        em_print("%u messages to a busy hart: %d interrupts\n", MESSAGES, interrupts());

        for (self->i = 0; self->i < URGENT; self->i++) {
            em_wake(urgent);
            AWAIT(em_signal_wait(&self->wait, &served));
        }
        em_print("%u urgent messages to a busy hart: %d interrupts\n", URGENT, interrupts());

        em_atomic_store(&busy, 0);
        for (self->i = 0; self->i < URGENT; self->i++) {
            AWAIT(wire_send(&self->send, &messages, MESSAGES + self->i));
            AWAIT(em_signal_wait(&self->wait, &arrived));
        }
        {
            int32_t n = interrupts();
            EM_ASSERT(n >= 1 && n <= URGENT);
        }
        em_print("%u messages to a hart that sleeps: no more than %u interrupts, and no less than one\n", URGENT,
                 URGENT);
        em_board_exit(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A wake and a poll on one hart cost the same whether it is alone or not: nothing that harts share is written.
 *
 * local.py runs it with 1 and with 4 harts, and compares what it prints.
 */
#include "harts.h"

#include <em/async.h>
#include <em/board.h>

/* What a wake and a poll write lies in lines of one hart; the task's own state is where the program has put it. */
_Static_assert(sizeof(em_executor) % EM_HART_LINE_ == 0 && _Alignof(em_executor) == EM_HART_LINE_, "executors");
_Static_assert(sizeof(em_hart_sleep) == EM_HART_LINE_ && _Alignof(em_hart_sleep) == EM_HART_LINE_, "sleep flags");
_Static_assert(sizeof em_current_executor_[0] == EM_HART_LINE_, "the executor that a hart polls");

enum { ROUNDS = 1000 };

static em_waker sleeper_waker;
static unsigned polls;

static uint64_t instructions(void)
{
    uint64_t n;
    __asm__ volatile("csrr %0, cycle" : "=r"(n));
    return n;
}

static em_poll count(void *arg, em_context *cx)
{
    (void)arg;
    sleeper_waker = em_context_waker(cx);
    polls++;
    return EM_PENDING;
}

TASK(sleeper, VARS(em_poll_fn fn))
{
    ASYNC {
        AWAIT(em_poll_fn_start(&self->fn, count, NULL));
    }
}

TASK(bystander, POOL(8), VARS(em_timer timer))
{
    ASYNC {
        AWAIT(em_timer_after(&self->timer, em_secs(100)));
    }
}

MAIN(VARS(unsigned i; uint64_t begin; em_timer timer))
{
    ASYNC {
        for (unsigned h = 1; h < em_hart_count(); h++) {
            em_must_spawn(em_spawner_hart(h), bystander());
        }
        em_must_spawn(self->spawner, sleeper());
        AWAIT(em_timer_after(&self->timer, em_ms(10))); /* the others sleep */
        self->begin = instructions();
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            em_wake(sleeper_waker);
            YIELD();
        }
        em_print("%u rounds of a wake, a poll, and a yield: %u instructions, %u polls\n", ROUNDS,
                 (unsigned)(instructions() - self->begin), polls);
        em_board_exit(0);
    }
}

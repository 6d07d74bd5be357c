/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One task owns a device; others ask it, and wait for the answer. Who gives up withdraws its question.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   register 3 is 33
 *   register 4 is 44
 *   register 5: EM_ERR_TIMEOUT
 *   the owner was asked 2 times
 */
#include <em/async.h>
#include <em/board.h>

EM_SERVICE_TYPE(registers, unsigned, int); /* the number of a register -> its value */
static registers chip;
static unsigned asked;

TASK(owner, VARS(registers_next_future next; registers_job job; em_timer bus))
{
    ASYNC {
        for (;;) {
            AWAIT_INTO(self->job, registers_next(&self->next, &chip)); /* in the order of the calls */
            asked++;
            AWAIT(em_timer_after(&self->bus, em_ms(10)));
            (void)registers_reply(&chip, &self->job, (int)self->job.request * 11); /* dropped if nobody waits */
        }
    }
}

TASK(reader, POOL(2), ARGS((unsigned, number)), VARS(registers_call_future call))
{
    ASYNC {
        int value;
        AWAIT_INTO(value, registers_call(&self->call, &chip, self->number));
        em_print("register %u is %d\n", self->number, value);
    }
}

MAIN(VARS(registers_call_future call; em_timeout limit; em_timer t))
{
    ASYNC {
        em_must_spawn(self->spawner, owner());
        em_must_spawn(self->spawner, reader(3));
        em_must_spawn(self->spawner, reader(4));
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        AWAIT(WITH_TIMEOUT(&self->limit, em_ms(15), registers_call(&self->call, &chip, 5)));
        AWAIT(em_timer_after(&self->t, em_ms(15)));
        em_print("register 5: %s\n", em_error_name(self->limit.out));
        em_print("the owner was asked %u times\n", asked);
        em_board_exit(0);
    }
}

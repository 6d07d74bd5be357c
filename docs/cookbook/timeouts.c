/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Ask, wait for an answer for so long, try again, give up.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   attempt 1: EM_ERR_TIMEOUT
 *   attempt 2: EM_ERR_TIMEOUT
 *   attempt 3: EM_OK
 *   the answer is 42
 *   nobody answers: EM_ERR_TIMEOUT
 */
#include <em/async.h>
#include <em/board.h>

EM_SIGNAL_TYPE(answer, int);
static em_signal question;
static answer reply;

/* Deaf to the first two questions, and gone after the third. */
TASK(server, VARS(em_signal_wait_future asked; int i))
{
    ASYNC {
        for (self->i = 0; self->i < 3; self->i++)
            AWAIT(em_signal_wait(&self->asked, &question));
        answer_set(&reply, 42);
    }
}

/* The answer, or EM_ERR_TIMEOUT after three attempts. */
ASYNC_FN(int, ask, ARGS((em_duration, patience), (bool, verbose)),
         VARS(em_timeout limit; answer_wait_future wait; int attempt))
{
    ASYNC {
        for (self->attempt = 1; self->attempt <= 3; self->attempt++) {
            em_signal_set(&question);
            int err;
            AWAIT_INTO(err, WITH_TIMEOUT(&self->limit, self->patience, answer_wait(&self->wait, &reply)));
            if (self->verbose)
                em_print("attempt %d: %s\n", self->attempt, em_error_name(err));
            if (err == EM_OK)
                RETURN(self->wait.out);
        }
        RETURN(EM_ERR_TIMEOUT);
    }
}

MAIN(VARS(struct ask ask))
{
    ASYNC {
        em_must_spawn(self->spawner, server());
        int r;
        AWAIT_INTO(r, ask(&self->ask, em_ms(20), true));
        em_print("the answer is %d\n", r);
        AWAIT_INTO(r, ask(&self->ask, em_ms(1), false));
        em_print("nobody answers: %s\n", em_error_name(r));
        em_board_exit(0);
    }
}

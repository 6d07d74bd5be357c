/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The most urgent first: a priority channel of jobs. Those of the same urgency stay in order; some are withdrawn.
 *
 * boards: qemu_virt (m, s), host
 * expect:
 *   log 1
 *   withdrawn: 1
 *   stop the motor 1
 *   measure 1
 *   measure 2
 *   log 3
 */
#include <em/async.h>
#include <em/board.h>

enum urgency { LOG, MEASURE, ALARM };

typedef struct job {
    enum urgency urgency;
    const char *what;
    int number;
} job;

#define JOB_KEY(j) ((j)->urgency)
EM_PRIORITY_CHANNEL_TYPE(jobs, job, 8, EM_MAX_FIRST, JOB_KEY);
static jobs to_do;

TASK(worker, VARS(jobs_receive_future next; em_timer work))
{
    ASYNC {
        for (;;) {
            AWAIT(jobs_receive(&self->next, &to_do));
            em_print("%s %d\n", self->next.out.what, self->next.out.number);
            if (self->next.out.number == 3)
                em_board_exit(0);
            AWAIT(em_timer_after(&self->work, em_ms(10)));
        }
    }
}

static bool is_log_2(const job *j, void *arg)
{
    (void)arg;
    return j->urgency == LOG && j->number == 2;
}

MAIN(VARS(jobs_send_future send; em_timer t; unsigned i))
{
    static const job all[] = {{LOG, "log", 1}, {LOG, "log", 2}, {MEASURE, "measure", 1}, {LOG, "log", 3},
                              {MEASURE, "measure", 2}, {ALARM, "stop the motor", 1}};
    ASYNC {
        em_must_spawn(self->spawner, worker());
        for (self->i = 0; self->i < 6; self->i++) {
            AWAIT(jobs_send(&self->send, &to_do, all[self->i])); /* jobs_try_send() from an interrupt */
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
        em_print("withdrawn: %u\n", (unsigned)jobs_remove_if(&to_do, is_log_2, NULL));
    }
}

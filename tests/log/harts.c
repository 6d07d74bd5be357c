/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two harts log at the same time, each into its own ring.
 */
#define EM_LOG_MODULE "harts"

#include <em/async.h>
#include <em/board.h>
#include <em/log.h>

#define LINES 100

static em_signal done;

static void work(const char *name)
{
    for (int i = 0; i < LINES; i++) {
        em_log_info("%s %d", name, i);
        for (volatile int n = 0; n < 200; n++) {
        }
    }
}

TASK(other)
{
    ASYNC {
        work("other");
        em_signal_set(&done);
    }
}

MAIN(VARS(em_signal_wait_future wait))
{
    ASYNC {
        em_must_spawn(em_spawner_hart(1), other());
        work("first");
        AWAIT(em_signal_wait(&self->wait, &done));
        em_board_exit(0);
    }
}

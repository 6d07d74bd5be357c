/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks on both executors that share the kinds of channels, awaited, watched, tried and through views. The values
 * are plain.
 *
 * Flow: stress.c -> here -> sync/
 */
#include "objects.h"
#include "port.h"

#include <em/async.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 500 };

typedef struct job {
    unsigned urgency;
    unsigned twice; /* the same number, twice */
} job;

typedef struct wagon {
    unsigned load[8]; /* all the same */
} wagon;

#define URGENCY(j) ((j)->urgency)
EM_CHANNEL_TYPE(post, unsigned, 2);
EM_PRIORITY_CHANNEL_TYPE(work, job, 3, EM_MAX_FIRST, URGENCY);

EM_ZEROCOPY_CHANNEL_TYPE(freight, wagon, 2);

static post letters;
static work jobs;
static freight train;
static unsigned long delivered[2], done[2], removed, unloaded[2]; /* plain, each of one task */
static int32_t unfinished = 13;

static void finished(void)
{
    __atomic_fetch_add(&unfinished, -1, __ATOMIC_RELEASE);
}

static void check(int ok, const char *what)
{
    if (!ok) {
        printf("FAILED: %s\n", what);
        exit(1);
    }
}

/* -- channel: two send and two receive, one each by watching, the other through a view --------------- */

/* Receivers lose their turn at once if they must wait, perhaps a value that they were handed or told of. */

TASK(post_watching, VARS(post_ready_to_send_future ready; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= ROUNDS; self->i++) {
            do {
                AWAIT(post_ready_to_send(&self->ready, &letters));
            } while (post_try_send(&letters, self->i) != EM_OK);
        }
        finished();
    }
}

TASK(post_by_view, ARGS((em_channel_view, out)), VARS(em_channel_send_future send; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= ROUNDS; self->i++) {
            AWAIT(em_channel_send(&self->send, self->out, &self->i, sizeof self->i));
        }
        finished();
    }
}

TASK(deliver_watching,
     VARS(post_ready_to_receive_future ready; em_yield yield; em_select2 select; unsigned letter; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            do {
                AWAIT(SELECT(&self->select, em_yield_now(&self->yield), post_ready_to_receive(&self->ready, &letters)));
            } while (post_try_receive(&letters, &self->letter) != EM_OK);
            delivered[0] += self->letter;
        }
        finished();
    }
}

TASK(deliver_by_view, ARGS((em_channel_view, in)),
     VARS(em_channel_receive_future receive; em_yield yield; em_select2 select; unsigned letter; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            do {
                AWAIT(SELECT(&self->select, em_yield_now(&self->yield),
                             em_channel_receive(&self->receive, self->in, &self->letter, sizeof self->letter)));
            } while (!WON(self->select, self->receive));
            delivered[1] += self->letter;
        }
        finished();
    }
}

/* -- priority channel: two send, two receive until there is nothing to come, one removes --------------- */

TASK(employer, POOL(2), ARGS((unsigned, number)),
     VARS(work_send_future send; em_channel_send_future by_view; job job; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= ROUNDS; self->i++) {
            self->job = (job){self->i, self->i};
            if (self->i % 2 == self->number) {
                AWAIT(work_send(&self->send, &jobs, self->job));
            } else {
                AWAIT(em_channel_send(&self->by_view, work_view(&jobs), &self->job, sizeof self->job));
            }
        }
        AWAIT(work_send(&self->send, &jobs, (job){0, 0})); /* the last, for one who works */
        finished();
    }
}

TASK(worker, POOL(2), ARGS((unsigned, number)),
     VARS(work_receive_future receive; em_yield yield; em_select2 select; bool ends))
{
    ASYNC {
        while (!self->ends) {
            AWAIT(SELECT(&self->select, em_yield_now(&self->yield), work_receive(&self->receive, &jobs)));
            if (WON(self->select, self->receive)) {
                check(self->receive.out.urgency == self->receive.out.twice, "half a job");
                done[self->number]++;
                self->ends = self->receive.out.urgency == 0;
            }
        }
        finished();
    }
}

static bool is_cancelled(const job *j, void *arg)
{
    (void)arg;
    check(j->urgency == j->twice, "half a job to remove");
    return j->urgency % 4 == 1;
}

TASK(manager, VARS(unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            removed += work_remove_if(&jobs, is_cancelled, NULL);
            YIELD();
        }
        finished();
    }
}

/* -- zero-copy channel: two load and two unload; now and then what was borrowed is given back unused ---- */

TASK(loader, POOL(2), VARS(freight_send_future send; wagon *wagon; unsigned i))
{
    ASYNC {
        for (self->i = 1; self->i <= ROUNDS; self->i++) {
            AWAIT_INTO(self->wagon, freight_send(&self->send, &train));
            if (self->i % 8 == 0) {
                self->wagon->load[7]++;
                freight_send_undo(&train, self->wagon);
                AWAIT_INTO(self->wagon, freight_send(&self->send, &train));
            }
            self->wagon->load[0] = self->i;
            YIELD();
            for (unsigned n = 1; n < 8; n++) {
                self->wagon->load[n] = self->wagon->load[0];
            }
            freight_send_done(&train, self->wagon);
        }
        finished();
    }
}

TASK(unloader, POOL(2), ARGS((unsigned, number)),
     VARS(freight_receive_future receive; em_yield yield; em_select2 select; unsigned tries, i))
{
    ASYNC {
        while (self->i < ROUNDS) {
            AWAIT(SELECT(&self->select, em_yield_now(&self->yield), freight_receive(&self->receive, &train)));
            if (!WON(self->select, self->receive)) {
                continue;
            }
            for (unsigned n = 1; n < 8; n++) {
                check(self->receive.out->load[n] == self->receive.out->load[0], "half a wagon");
            }
            if (self->tries++ % 8 == 0) {
                freight_receive_undo(&train, self->receive.out);
            } else {
                unloaded[self->number] += self->receive.out->load[0];
                freight_receive_done(&train, self->receive.out);
                self->i++;
            }
        }
        finished();
    }
}

void channels_start(void)
{
    em_spawner first = em_spawner_hart(0);
    em_spawner second = em_spawner_hart(1);
    for (unsigned i = 0; i < 2; i++) {
        em_must_spawn(em_spawner_hart(i), employer(i));
        em_must_spawn(em_spawner_hart(i), worker(i));
        em_must_spawn(em_spawner_hart(i), loader());
        em_must_spawn(em_spawner_hart(i), unloader(i));
    }
    em_must_spawn(first, manager());
    em_must_spawn(first, post_watching());
    em_must_spawn(first, post_by_view(post_view(&letters)));
    em_must_spawn(second, deliver_watching());
    em_must_spawn(second, deliver_by_view(post_view(&letters)));
}

void channels_finish(void)
{
    while (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) > 0) {
        sched_yield();
    }
}

void channels_check(void)
{
    check(delivered[0] + delivered[1] == ROUNDS * (ROUNDS + 1ul), "a letter was lost or had twice");
    check(post_is_empty(&letters), "a letter was left behind");
    check(done[0] + done[1] + removed == 2 * (ROUNDS + 1ul), "a job was lost or had twice");
    check(work_is_empty(&jobs), "a job was left behind");
    check(unloaded[0] + unloaded[1] == ROUNDS * (ROUNDS + 1ul), "a wagon was lost or had twice");
    check(freight_is_empty(&train) && freight_free(&train) == 2, "a wagon was left behind");
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What unit tests are made of: an executor, tasks that wait for one future and count, and a
 * future that the test fires.
 */
#pragma once

#include "test.h"

#include <em/executor.h>
#include <em/time.h>

/* The executor of the test. */
extern em_executor test_executor;

/* Start afresh: nothing is ready, no timer waits, the mock clock is at 0. */
void test_begin(void);

/* Poll test_executor until it is idle. */
void test_run(void);

/* Let @p ticks pass on the mock clock, then test_run(). */
void test_pass(uint64_t ticks);

typedef struct runner {
    em_task task;
    em_future frame;
    em_future *future; /* what it waits for, or NULL */
    const char *name;  /* traced when the future is ready, or NULL */
    unsigned wakes;    /* polls of the task */
    unsigned polls;    /* polls of the future */
    unsigned order;    /* it was the n-th runner of the test whose future was ready */
    bool ready;
    bool passive; /* the executor's polls only count in wakes; the test polls by runner_poll() */
} runner;

/*
 * Wait for f: it is polled at the next test_run(). A runner is started again when it was ready or dropped.
 * It belongs to test_executor, unless its task.executor was set before.
 */
void runner_start(runner *r, const char *name, em_future *f);

/* The same for a passive one: f is polled by runner_poll() only. */
void runner_start_passive(runner *r, em_future *f);

/* Poll its future now, as its task. True: it is ready. */
bool runner_poll(runner *r);

/* Drop its future now, as its task. */
void runner_drop(runner *r);

/* A future that is ready when the test says so. Traces "a" when polled in vain, "a!" when ready, "~a" when dropped. */
typedef struct probe {
    em_future future;
    char name;
    bool fired;
    unsigned polls;
    unsigned drops;
    em_task *task;
} probe;

em_future *probe_init(probe *p, char name);

/* It is ready from now on; wake who polled it. */
void probe_fire(probe *p);

/*
 * Run `schedule` with `count` different random states. On failure prints EM_TEST_SEED=n: with this in
 * the environment the failing schedule is the first.
 */
bool test_schedules(unsigned count, bool (*schedule)(uint64_t *random));

/*
 * The first seed, and how many of so many schedules are run. The host, which is quick, has them all, with sanitizers;
 * a machine is there for its compiler's code, which the first thousand execute.
 */
uint64_t test_first_seed(void);
unsigned test_share_of(unsigned schedules);

/* In a schedule: false, having said so, where x does not hold. */
#define EXPECT(x)                                       \
    do {                                                \
        if (!(x)) {                                     \
            em_test_fail(#x, __FILE__, __LINE__);       \
            return false;                               \
        }                                               \
    } while (0)

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks with priorities that share mutexes with inheritance: the test polls and drops their locks for them, the
 * executors only count what woke them.
 */
#pragma once

#include "fake_port.h"
#include "runner.h"

#include <em/pi_mutex.h>
#include <string.h>

enum { TASKS = EM_PI_MUTEX_CHAIN + 2, MUTEXES = TASKS };

static em_executor executor, other;
static em_raw_task slots[TASKS];
static em_task_type types[TASKS];
static em_task_handle handles[TASKS];
static unsigned polls[TASKS];
static bool (*bodies[TASKS])(em_context *cx); /* true: it becomes ready again */

static em_pi_mutex mutexes[MUTEXES];
static em_pi_mutex_lock_future lock[TASKS];

static inline em_poll member_poll(em_future *f, em_context *cx)
{
    unsigned i = (unsigned)((em_raw_task *)(void *)((em_task *)(void *)f - 1) - slots);
    polls[i]++;
    if (bodies[i] && bodies[i](cx)) {
        em_wake(em_context_waker(cx));
    }
    return EM_PENDING;
}

static inline void spawn(unsigned i, uint8_t priority, em_executor *e)
{
    types[i] = (em_task_type){.ops = {.poll = member_poll, .name = "member"}, .slots = &slots[i].task, .count = 1,
                              .slot_bytes = sizeof(em_task) + sizeof(em_future), .priority = priority};
    em_task *t = em_task_claim_(&types[i], &slots[i].task, 1);
    em_task_root(t)->ops = &types[i].ops;
    if (em_spawn_handle((em_spawner){e}, em_token_of_slot_(t), &handles[i]) != EM_OK) {
        em_test_fail("spawned", __FILE__, __LINE__);
    }
}

static inline void run(void)
{
    while (!em_executor_is_idle(&executor) || !em_executor_is_idle(&other)) {
        em_executor_poll(&executor);
        em_executor_poll(&other);
    }
}

/* Nobody lives, nothing is locked. */
static inline void end_all(void)
{
    for (unsigned i = 0; i < TASKS; i++) {
        bodies[i] = NULL;
        em_task_cancel(handles[i]);
    }
    run();
    memset(lock, 0, sizeof lock);
    for (unsigned m = 0; m < MUTEXES; m++) {
        while (em_pi_mutex_is_locked(&mutexes[m])) { /* what a failed test left; its waiters are forgotten */
            mutexes[m].waiters.first = NULL;
            em_pi_mutex_unlock(&mutexes[m]);
        }
        mutexes[m] = (em_pi_mutex){0};
    }
}

/* Tasks 0, 1, … have these priorities, wait for nothing, and have just been polled for the first time. */
static inline void begin(unsigned count, const uint8_t *priorities)
{
    end_all();
    for (unsigned i = 0; i < count; i++) {
        spawn(i, priorities[i], &executor);
    }
    run();
    memset(em_turns_, 0, sizeof em_turns_);
    memset(polls, 0, sizeof polls);
    em_trace_clear();
}

static inline bool again(unsigned i)
{
    return em_future_poll(&lock[i].future, &slots[i].task).ready;
}

/* Task i starts to lock m. True: it owns it. */
static inline bool ask(unsigned i, unsigned m)
{
    em_pi_mutex_lock(&lock[i], &mutexes[m]);
    return again(i);
}

static inline int priority(unsigned i)
{
    return em_task_priority(handles[i]);
}

static inline void unlock(unsigned m)
{
    em_pi_mutex_unlock(&mutexes[m]);
}

static inline void drop(unsigned i)
{
    em_future_drop(&lock[i].future);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The unit tests' executor, tasks, probes and random schedules. */
#include "runner.h"

#include <em/mock_clock.h>

#define TOO_MANY_BATCHES 1000000

em_executor test_executor;
static unsigned ready_count;

void test_begin(void)
{
    test_executor.head = NULL;
    test_executor.tail = NULL;
    test_executor.service = NULL;
    test_executor.timers.first = NULL;
    test_executor.timers.urgency = 0;
    ready_count = 0;
    em_mock_clock_reset();
    em_check_forget_();
}

void test_run(void)
{
    for (unsigned batch = 0; !em_executor_is_idle(&test_executor); batch++) {
        em_executor_poll(&test_executor);
        if (batch == TOO_MANY_BATCHES) {
            em_test_fail("the executor never gets idle", __FILE__, __LINE__);
            return;
        }
    }
}

void test_pass(uint64_t ticks)
{
    em_mock_clock_advance(em_ticks(ticks));
    test_run();
}

static em_poll runner_task_poll(em_future *f, em_context *cx)
{
    runner *r = (runner *)(void *)((char *)f - offsetof(runner, frame));
    (void)cx;
    r->wakes++;
    if (!r->passive && r->future) {
        runner_poll(r);
    }
    return EM_PENDING;
}

static const em_task_type runner_type = {.ops = {.poll = runner_task_poll, .name = "runner"}, .count = 1};

static void start(runner *r, const char *name, em_future *f, bool passive)
{
    if (!r->task.executor) {
        r->task.executor = &test_executor;
    }
    r->task.state |= EM_TASK_CLAIMED_ | EM_TASK_SPAWNED_;
    r->frame.ops = &runner_type.ops;
    r->future = f;
    r->name = name;
    r->wakes = 0;
    r->polls = 0;
    r->order = 0;
    r->ready = false;
    r->passive = passive;
}

void runner_start(runner *r, const char *name, em_future *f)
{
    start(r, name, f, false);
    em_wake((em_waker){&r->task});
}

void runner_start_passive(runner *r, em_future *f)
{
    start(r, NULL, f, true);
}

bool runner_poll(runner *r)
{
    em_executor *outer = em_current_executor_[0][0];
    em_current_executor_[0][0] = r->task.executor;
    r->polls++;
    r->ready = em_future_poll(r->future, &r->task).ready;
    em_current_executor_[0][0] = outer;
    if (r->ready) {
        r->future = NULL;
        r->order = ++ready_count;
        if (r->name) {
            em_trace(r->name);
        }
    }
    return r->ready;
}

void runner_drop(runner *r)
{
    em_executor *outer = em_current_executor_[0][0];
    em_current_executor_[0][0] = r->task.executor;
    em_future_drop(r->future);
    em_current_executor_[0][0] = outer;
    r->future = NULL;
}

static em_poll probe_poll(em_future *f, em_context *cx)
{
    probe *p = (probe *)(void *)f;
    char word[] = {p->name, p->fired ? '!' : '\0', '\0'};
    em_trace(word);
    p->polls++;
    p->task = cx;
    return p->fired ? EM_READY : EM_PENDING;
}

static void probe_drop(em_future *f)
{
    probe *p = (probe *)(void *)f;
    char word[] = {'~', p->name, '\0'};
    em_trace(word);
    p->drops++;
}

static const em_future_ops probe_ops = {.poll = probe_poll, .drop = probe_drop, .name = "probe"};

em_future *probe_init(probe *p, char name)
{
    *p = (probe){.future = {&probe_ops}, .name = name};
    return &p->future;
}

void probe_fire(probe *p)
{
    p->fired = true;
    if (p->task) {
        em_wake((em_waker){p->task});
    }
}

static uint64_t random_state(uint64_t seed)
{
    return ((seed + 1) * 0x9e3779b97f4a7c15u) | 1;
}

bool test_schedules(unsigned count, bool (*schedule)(uint64_t *random))
{
    uint64_t seed = test_first_seed();
    for (unsigned left = test_share_of(count); left > 0; left--, seed++) {
        uint64_t random = random_state(seed);
        if (!schedule(&random)) {
            em_print("# EM_TEST_SEED=%llu\n", (unsigned long long)seed);
            return false;
        }
    }
    return true;
}

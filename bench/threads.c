/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tasks and threads at the same work: pairs that wake each other, 2 to 96 of them, each by the leanest wait for one
 * waiter that we know; and what an interrupt costs that
 * stops one thread for another. (For a task at a level: levels.c.)
 *
 * Flow: MAIN -> pairs of tasks, by the executor;  pairs of threads (thread.h), with the executor as one of them
 */
#include "bench.h"
#include "clint.h"
#include "irq_flag.h"
#include "thread.h"

#include <em/async.h>

enum { PAIRS = 48, SIZES = 4, PREEMPT = 2 * SIZES, URGENT, ROUNDS = BENCH_ROUNDS + 2 };
static const unsigned sizes[SIZES] = {1, 4, 16, PAIRS};

static bench_row rows[] = {
    {.name = "pairs_of_tasks_2", .divisor = 1}, {.name = "pairs_of_tasks_8", .divisor = 4},
    {.name = "pairs_of_tasks_32", .divisor = 16}, {.name = "pairs_of_tasks_96", .divisor = PAIRS},
    {.name = "pairs_of_threads_2", .divisor = 1}, {.name = "pairs_of_threads_8", .divisor = 4},
    {.name = "pairs_of_threads_32", .divisor = 16}, {.name = "pairs_of_threads_96", .divisor = PAIRS},
    {.name = "thread_preempted"}, {.name = "thread_due_urgent"},
};

static unsigned left; /* of those at work */

/* -- tasks ------------------------------------------------------------------------------------------- */

typedef struct pair {
    irq_flag there, back;
    bench_row *row; /* of the first pair: its rounds are those of all. Not the last, which has ends in it */
} pair;

static pair pairs[PAIRS];
static em_signal done;

/* Its task may not have come to its first wait. */
static inline void raise(irq_flag *flag)
{
    flag->raised = 1;
    if (flag->waker.task) {
        em_wake(flag->waker);
    }
}

static void end_one(void)
{
    if (--left == 0) {
        em_signal_set(&done);
    }
}

TASK(ping, POOL(PAIRS), ARGS((pair *, p)), VARS(irq_wait wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            if (self->p->row && self->i < BENCH_ROUNDS) {
                BENCH_START();
            }
            raise(&self->p->there);
            AWAIT(irq_flag_wait(&self->wait, &self->p->back));
            if (self->p->row && self->i < BENCH_ROUNDS) {
                BENCH_SAMPLE(self->p->row, BENCH_COUNT);
            }
        }
        end_one();
    }
}

TASK(pong, POOL(PAIRS), ARGS((pair *, p)), VARS(irq_wait wait; unsigned i))
{
    ASYNC {
        for (self->i = 0; self->i < ROUNDS; self->i++) {
            AWAIT(irq_flag_wait(&self->wait, &self->p->there));
            raise(&self->p->back);
        }
        end_one();
    }
}

/* -- threads ----------------------------------------------------------------------------------------- */

typedef struct thread_pair {
    thread_semaphore there, back;
    bench_row *row;
} thread_pair;

static thread_pair thread_pairs[PAIRS];
static thread threads[2 * PAIRS];
static _Alignas(16) char stacks[2 * PAIRS][THREAD_STACK];
static thread here; /* the executor */
static thread_semaphore thread_done;

void thread_exit_(void)
{
    if (--left == 0) {
        thread_post(&thread_done);
    }
    em_irq_disable();
    thread_go_on();
}

static void thread_ping(void *arg)
{
    thread_pair *p = arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (p->row && i < BENCH_ROUNDS) {
            BENCH_START();
        }
        thread_post(&p->there);
        thread_wait(&p->back);
        if (p->row && i < BENCH_ROUNDS) {
            BENCH_SAMPLE(p->row, BENCH_COUNT);
        }
    }
}

static void thread_pong(void *arg)
{
    thread_pair *p = arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        thread_wait(&p->there);
        thread_post(&p->back);
    }
}

static void start(unsigned n, void (*run)(void *), void *arg)
{
    __builtin_memset(stacks[n], 0xa5, THREAD_STACK);
    thread_start(&threads[n], stacks[n], run, arg);
    left++;
}

static void run_pairs_of_threads(unsigned count, bench_row *row)
{
    for (unsigned i = 0; i < count; i++) {
        thread_pairs[i].row = i == 0 ? row : NULL;
        start(2 * i, thread_pong, &thread_pairs[i]);
        start(2 * i + 1, thread_ping, &thread_pairs[i]);
    }
    thread_wait(&thread_done);
}

/* -- an interrupt between threads ---------------------------------------------------------------------- */

static thread_semaphore alarm;
static bool is_urgent;

void em_irq_timer_(void)
{
    *CLINT_MTIMECMP = UINT64_MAX;
    thread *next = thread_first;
    if (is_urgent) {
        next = alarm.waiter;
        alarm.waiter = NULL;
    } else {
        thread_first = next->next;
    }
    thread_preempt(next);
}

/* From the trap's first instruction to that of the other thread. */
static void worker(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < BENCH_ROUNDS; i++) {
        __asm__ volatile("csrr t0, mcycle\n\tsd t0, 0(%0)\n\tsd zero, 0(%1)"
                         ::"r"(&bench_start_at), "r"(CLINT_MTIMECMP) : "t0", "memory");
    }
}

static void stopper(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < BENCH_ROUNDS; i++) {
        if (is_urgent) {
            thread_wait(&alarm);
        } else {
            thread_yield();
        }
        BENCH_SAMPLE(&rows[is_urgent ? URGENT : PREEMPT], BENCH_COUNT - 1);
    }
}

static void run_preemption(bool urgent)
{
    is_urgent = urgent;
    start(0, stopper, NULL);
    start(1, worker, NULL);
    thread_wait(&thread_done);
}

static uint64_t stack_used(const char *stack)
{
    unsigned unused = 0;
    while (stack[unused] == (char)0xa5) {
        unused++;
    }
    return THREAD_STACK - unused;
}

/* -------------------------------------------------------------------------------------------------- */

MAIN(VARS(em_signal_wait_future wait; unsigned n))
{
    ASYNC {
        bench_self_test();
        clint_timer_enable();
        for (self->n = 0; self->n < SIZES; self->n++) {
            for (unsigned i = 0; i < sizes[self->n]; i++) {
                pairs[i] = (pair){.row = i == 0 ? &rows[self->n] : NULL};
                em_must_spawn(self->spawner, pong(&pairs[i]));
                em_must_spawn(self->spawner, ping(&pairs[i]));
                left += 2;
            }
            AWAIT(em_signal_wait(&self->wait, &done));
        }
        thread_running = &here;
        for (unsigned n = 0; n < SIZES; n++) {
            run_pairs_of_threads(sizes[n], &rows[SIZES + n]);
        }
        run_preemption(false);
        bench_value("bytes_thread_stack", stack_used(stacks[1]));
        run_preemption(true);
        bench_value("bytes_thread", sizeof(thread));
        bench_value("bytes_task_of_pair", sizeof ping__pool[0]);
        BENCH_END(rows);
    }
}

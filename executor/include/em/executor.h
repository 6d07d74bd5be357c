/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Executors: poll the tasks that are ready, in the order in which they became ready.
 *
 * Flow: em_wake -> run queue -> em_executor_run, em_executor_poll -> the task's poll function
 *
 * Rules for executors:
 *  - One context at a time polls an executor, and not from inside its own poll.
 *  - FIFO: a batch is what was ready when it began; what becomes ready meanwhile is the next batch.
 *    So a task that wakes itself for ever delays nobody by more than one poll.
 *  - The pender (em_port_pend) is called exactly when the queue goes from empty to non-empty, and once for each
 *    service that an interrupt asks for (the alarm).
 *  - Tasks never move to another executor.
 */
#pragma once

#include <em/config.h>
#include <em/port.h>
#include <em/task.h>

typedef struct em_executor em_executor;

/* Room for the time layer, which the executor does not look into: what its tasks wait for, and the alarm. */
typedef struct em_executor_timers {
    struct em_timer *first;
    uint64_t urgency;  /* what the alarm is set for, as ~deadline; 0: not set */
    em_executor *next; /* a ring of those with timers on this hart; NULL: never had timers */
} em_executor_timers;

/* What one hart writes often has a cache line of its own, so that harts do not wait for each other's. */
#if EM_CFG_MAX_HARTS > 1
#define EM_HART_LINE_ 64
#define EM_HART_ALIGNED_ __attribute__((aligned(EM_HART_LINE_)))
#else
#define EM_HART_LINE_ 8
#define EM_HART_ALIGNED_
#endif

/* Zeroed is ready for use. */
struct em_executor {
    em_task *tail;                 /* last pushed, or NULL: the queue is empty */
    em_task *head;                 /* first of the next batch; stored by whoever made the queue non-empty */
    em_task *running;              /* being polled, or NULL */
    void (*service)(em_executor *); /* asked for by an interrupt, called between polls; or NULL */
    em_executor_timers timers;
#if EM_CFG_MAX_HARTS > 1
    int32_t hart;  /* which polls it; 0 until one does */
    int32_t level; /* at which that hart polls it; 0: not from an interrupt */
#endif
} EM_HART_ALIGNED_;

/* May spawn on one executor. One word, copied freely. */
typedef struct em_spawner {
    em_executor *executor;
} em_spawner;

/**
 * Spawn the task that @p t claimed: it is polled for the first time soon.
 *
 * Context: task | isr | any hart | init
 * Errors:  EM_ERR_BUSY  the pool of the task was full when the token was made; nothing happened
 * Cost:    O(1), two AMOs
 */
EM_MUST_USE int em_spawn(em_spawner s, em_spawn_token t);

/** em_spawn() that panics with the task's name if its pool is full. Context: as em_spawn() */
void em_must_spawn(em_spawner s, em_spawn_token t);

/** em_spawn() that gives a handle to cancel and join by; @p out is kept on an error. Context, errors: as em_spawn() */
EM_MUST_USE int em_spawn_handle(em_spawner s, em_spawn_token t, em_task_handle *out);

/** The spawner of the executor that polls the running task. Context: task (asserts elsewhere) */
em_spawner em_spawner_current(void);

/* The thread executors, one a hart. */
extern em_executor em_thread_executors_[EM_CFG_MAX_HARTS];

/* Asserts that there is such a hart. */
em_spawner em_spawner_hart_(unsigned hart);

/** The thread executor of a hart, 0 .. em_hart_count() - 1 (asserts). Context: task | isr | any hart | init */
static inline __attribute__((always_inline)) em_spawner em_spawner_hart(unsigned hart)
{
    if (__builtin_constant_p(hart) && hart == 0) {
        return (em_spawner){&em_thread_executors_[0]}; /* there is always one */
    }
    return em_spawner_hart_(hart);
}

/**
 * The thread executor of the hart on which the fewest tasks live; of several, the one with the lowest number.
 *
 * For work that may be done anywhere. A task stays where it was spawned, so this looks at how many there are and not at
 * what they do now; of several that spawn at the same time, two may find the same one.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(harts); with one, none
 */
em_spawner em_spawner_least_loaded(void);

/** How many tasks live on the thread executor of @p hart; 0 with one hart, where nobody counts. Context: any hart */
unsigned em_hart_tasks(unsigned hart);

/** This hart's logical number: 0 is the boot hart. Context: task | isr | any hart | init */
unsigned em_hart_id(void);

/** How many harts run executors. Context: task | isr | any hart | init */
unsigned em_hart_count(void);

/** The machine's own number of a logical hart. Context: task | isr | any hart | init */
unsigned em_hart_physical(unsigned hart);

/**
 * Poll every task that is ready now, once, in order.
 *
 * For embedding in a foreign loop; call it again after the executor was pended.
 *
 * Context: the one that owns @p e; not from inside a poll of @p e
 * Cost:    bounded by the batch: tasks that become ready meanwhile wait for the next call
 */
void em_executor_poll(em_executor *e);

/** Is there nothing to do? Context: any hart; a snapshot unless interrupts are masked */
static inline __attribute__((always_inline)) bool em_executor_is_idle(em_executor *e)
{
    return !em_atomic_load_ptr_((void *const *)&e->tail) && !em_atomic_load_ptr_((void *const *)(void *)&e->service);
}

/**
 * Sleep until an interrupt, or not at all if something is ready.
 *
 * For a foreign loop: `for (;;) { em_executor_poll(&e); …; em_executor_sleep(&e); }`. No wake-up is lost
 * between its look at the queue and the sleep.
 *
 * Context: init, on e's own hart, with interrupts unmasked
 */
void em_executor_sleep(em_executor *e);

/** Poll @p e for ever, sleeping by em_port_idle() when nothing is ready. Context: init, on e's own hart */
_Noreturn void em_executor_run(em_executor *e);

/** The task that this hart polls now, or NULL. Context: task | isr | init */
em_task *em_running_task(void);

/** Have @p service called on @p e soon, by who polls it, outside of any poll; twice is once. Context: isr | task */
static inline void em_executor_request_(em_executor *e, void (*service)(em_executor *))
{
    em_atomic_store_ptr_((void **)(void *)&e->service, (void *)(uintptr_t)service);
    em_port_pend(e);
}

/* The executor that each hart is polling, or NULL: the first word of its line. */
extern em_executor *em_current_executor_[EM_CFG_MAX_HARTS][EM_HART_LINE_ / 8];

/* That of this hart. */
static inline __attribute__((always_inline)) em_executor **em_this_executor_(void)
{
    return em_current_executor_[em_arch_hart()];
}

#if EM_CFG_MAX_HARTS > 1
/* How many tasks live on each thread executor. */
typedef struct em_hart_load {
    int32_t tasks;
} EM_HART_ALIGNED_ em_hart_load;
extern em_hart_load em_hart_loads_[EM_CFG_MAX_HARTS];
#endif

/* A task has come to e, or left it. With one hart nobody asks. */
static inline __attribute__((always_inline)) void em_executor_count_(em_executor *e, int32_t n)
{
#if EM_CFG_MAX_HARTS > 1
    uintptr_t at = (uintptr_t)e - (uintptr_t)em_thread_executors_;
    if (at < sizeof em_thread_executors_) {
        em_atomic_count_(&em_hart_loads_[at / sizeof *e].tasks, n);
    }
#else
    (void)e, (void)n;
#endif
}

/* This hart polls e from here on. Who does not see its number yet pends in vain, but has pushed before this hart looks
 * at e's queue for the last time and sleeps (tests/spin/sleep.pml). */
static inline __attribute__((always_inline)) void em_executor_settle_(em_executor *e)
{
#if EM_CFG_MAX_HARTS > 1
    int32_t hart = (int32_t)em_arch_hart();
    if (__builtin_expect(e->hart != hart, 0)) {
        em_atomic_store(&e->hart, hart);
    }
#else
    (void)e;
#endif
}

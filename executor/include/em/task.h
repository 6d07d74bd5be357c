/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Tasks: a header of 24 bytes and a frame behind it, in a static pool in .bss, one pool a task type.
 *
 * Flow: TASK (macros/) -> em_task_claim_ -> em_spawn -> run queue -> executor.c -> em_task_finish_
 *
 * The state word. It changes only by single AMOs, and the value that the AMO returns decides:
 *
 *      31     18-16      15      14      13       12        0
 *   +------+----------+--------+------+-------+---------+---------+
 *   |QUEUED| PRIORITY | JOINED |CANCEL| FRESH | SPAWNED | CLAIMED |      0 = free
 *   +------+----------+--------+------+-------+---------+---------+      (bits 12 and up: one lui makes the mask)
 *
 *   1  claim     CLAIMED := 1                       name(args), the slot is taken, its frame is written
 *   2  spawn     SPAWNED, FRESH, QUEUED := 1        em_spawn(); links it in unless a stale wake had
 *   3  dequeue   QUEUED := 0, then the poll         em_executor_poll(); not SPAWNED: nothing is polled
 *   4  wake      QUEUED := 1                        em_wake(); links it in if QUEUED was 0, at any state
 *   5  end       all but QUEUED := 0                em_task_finish_(); the slot is free at once
 *   6  cancel    CANCEL := 1, then 4                em_task_cancel(); the next dequeue drops the frame
 *   7  priority  PRIORITY := another                em_set_priority(); how it differs from the type's (priority.c)
 *
 * FRESH makes the first dequeue look whether this executor is the right one: a slot may be claimed and
 * spawned elsewhere while a stale wake still has it in its former executor's queue. JOINED makes the
 * end look for those who wait for it. A task with neither, and not cancelled, is on the fast path: one
 * comparison with EM_TASK_READY_.
 */
#pragma once

#include <em/arch.h>
#include <em/future.h>
#include <em/lock.h>
#include <em/stats.h>

#define EM_TASK_CLAIMED_ 1
#define EM_TASK_SPAWNED_ (1 << 12)
#define EM_TASK_FRESH_ (1 << 13)
#define EM_TASK_CANCEL_ (1 << 14)
#define EM_TASK_JOINED_ (1 << 15)
#define EM_TASK_PRIORITY_SHIFT_ 16
#define EM_TASK_PRIORITY_ (7 << EM_TASK_PRIORITY_SHIFT_)
#define EM_TASK_QUEUED_ INT32_MIN
#define EM_TASK_READY_ (EM_TASK_QUEUED_ | EM_TASK_SPAWNED_ | EM_TASK_CLAIMED_)

struct em_executor;

/* The frame, whose first member is a future, follows at once. */
struct em_task {
    int32_t state;
    uint32_t generation; /* how many tasks ended in this slot; tells a stale handle */
    em_task *next;       /* in a run queue */
    struct em_executor *executor;
#if EM_CFG_DEADLINES
    void *urgency;  /* the deadline, as ~ticks: 0 is none */
    em_task *child; /* in a heap of ready tasks */
    uint32_t stamp; /* which of two became ready first */
#endif
#if EM_CFG_STATS
    em_stats stats;
#endif
#if EM_CFG_CHECKS
    const em_place *place; /* of the await that it is in while it is polled, the innermost, or NULL */
    const em_place *last;  /* of the await that it began last, or NULL */
    const struct em_task_type *type; /* of the slot, once a task was spawned in it */
    const char *spawned_in;          /* the file, */
    uint32_t spawned_at;             /* and the line */
    uint32_t polls;
    uint32_t wakers; /* how many it has given away */
#endif
};

/* What a pool of several slots keeps in RAM: the slots given back, and how far it was ever used. */
typedef struct em_pool {
    em_task *free;
    uint32_t used_bytes;
    em_lock lock;
} em_pool;

/* The constant facts of a task type. Its first member is the frame's operations table. */
typedef struct em_task_type {
    em_future_ops ops;
    em_task *slots;
    em_pool *pool; /* NULL for a pool of one */
    const char *file;
    uint32_t slot_bytes; /* of the header and the frame */
    uint32_t pool_bytes;
    uint32_t line;
    uint16_t count;
    uint8_t priority;
    uint8_t header_bytes; /* of an em_task, which depends on options: for tools */
} em_task_type;

/**
 * For a dump of tasks (em/dump.h) and nobody else: @p type is one. TASK says it; by hand, at file scope.
 *
 * A record in a section that the linker leaves out of a program that makes no dump.
 *
 * Context: file scope
 */
#define EM_LIST_TASK_TYPE(type) \
    static const em_task_type *const type##_listed_ __attribute__((section("em_tasks"), used)) = &type

/* A claimed slot that waits to be spawned; or, negated and so negative, the task type whose pool is full. */
typedef struct em_spawn_token {
    intptr_t word;
#if EM_CFG_CHECKS
    uint32_t generation; /* of the slot, to tell a token that was used up */
#endif
} em_spawn_token;

/* Names one life of a slot. A zeroed handle names none, which has ended. */
typedef struct em_task_handle {
    em_task *task;
    uint32_t generation;
} em_task_handle;

/** The future that the task is: its frame. Context: any */
static inline em_future *em_task_root(em_task *t)
{
    return (em_future *)(void *)(t + 1);
}

/** The type of a task that is spawned. Context: any */
static inline const em_task_type *em_task_type_of(em_task *t)
{
    return (const em_task_type *)(const void *)em_future_ops_(em_task_root(t));
}

/** What the task in a slot has cost; all 0 without the option `stats`. Context: any; a snapshot */
static inline em_stats em_stats_of(const em_task *t)
{
#if EM_CFG_STATS
    return t->stats;
#else
    (void)t;
    return (em_stats){0};
#endif
}

/* For the executor: a life begins; somebody wakes it. */
static inline __attribute__((always_inline)) void em_stats_begin_(em_task *t)
{
#if EM_CFG_STATS
    t->stats = (em_stats){0};
#else
    (void)t;
#endif
}

static inline __attribute__((always_inline)) void em_stats_woken_(em_task *t)
{
#if EM_CFG_STATS
    em_atomic_count_(&t->stats.wakes, 1);
#else
    (void)t;
#endif
}

/**
 * Ask the task to end: its frame is dropped at its next poll, which this causes.
 *
 * What the frame waits for is dropped first, then its FINALLY blocks run, innermost first. Nothing
 * happens if the task has ended. A task that cancels itself goes on until its next await.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(1)
 */
void em_task_cancel(em_task_handle h);

/** Has the task that @p h names ended? Context: task | isr | any hart | init */
int em_task_ended(em_task_handle h);

/** Waits for the end of a task; storage of em_task_wait(). */
typedef struct em_task_join {
    em_future future;
    em_task_handle handle;
    em_waker waker;
    struct em_task_join *next;
} em_task_join;

extern const em_future_ops em_task_join_ops;

/**
 * Awaitable: the task has ended, by itself or cancelled.
 *
 * Any number may wait for one task. Ready at once if it has ended already.
 *
 * Context: task
 * Cancel:  loses nothing
 * Cost:    O(waiting joins) at the end of a task that is waited for
 */
static inline em_task_join *em_task_wait(em_task_join *storage, em_task_handle h)
{
    storage->future.ops = &em_task_join_ops;
    storage->handle = h;
    storage->next = NULL;
    storage->waker.task = NULL;
    return storage;
}

/* -- for TASK (macros/) and the executor ------------------------------------------------------- */

/** Claim a slot of a pool of several; NULL if it is full. Context: task | isr | any hart | init. Cost: O(1) */
em_task *em_pool_claim_(const em_task_type *type);

/** Claim a slot; NULL if none is free. Context: task | isr | any hart | init. Cost: O(1), one AMO for a pool of one */
static inline em_task *em_task_claim_(const em_task_type *type, em_task *slots, unsigned count)
{
    if (count > 1) {
        return em_pool_claim_(type);
    }
#ifndef __clang__
    __asm__("" : "+r"(slots)); /* or GCC makes the address anew for the token: more code than a move */
#endif
    long state = em_atomic_or(&slots->state, EM_TASK_CLAIMED_);
    return __builtin_expect(state != 0, 0) && (state & EM_TASK_CLAIMED_) ? NULL : slots;
}

/** The token of a claimed slot. Context: any */
static inline em_spawn_token em_token_of_slot_(em_task *t)
{
#if EM_CFG_CHECKS
    return (em_spawn_token){(intptr_t)t, t->generation};
#else
    return (em_spawn_token){(intptr_t)t};
#endif
}

/** The token that says that the pool is full. Context: any */
static inline em_spawn_token em_token_of_full_pool_(const em_task_type *type)
{
    return (em_spawn_token){.word = -(intptr_t)type};
}

#if EM_CFG_CHECKS
/* A token is given to em_spawn() in this line. Returns it. */
em_spawn_token em_check_spawn_(em_spawn_token token, const char *file, unsigned line);
/* A task has ended, or was cancelled: nothing of its frame is linked. */
void em_check_end_(em_task *t);
#else
#define em_check_end_(t) ((void)0)
#endif

/** Free the slot of a task whose frame is done. Context: the executor that polled it */
void em_task_finish_(em_task *t);

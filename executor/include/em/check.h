/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The option `checks`: what is linked, by whom and where in the source it is awaited, so that the usual mistakes are
 * reported by the name of the task and the line. Without it nothing here makes an instruction or a byte.
 *
 * Flow: AWAIT, timers, wait lists, joins, em_spawn, the poll of a task -> here -> em_port_panic
 *
 * Rules for the checks:
 *  - The books are kept beside what they are about: storage that was overwritten can still be told whose it was.
 *  - A lock that nests in any other guards them; no check waits, and none reads what may be gone.
 *  - What is reported is a mistake for certain; what is not reported may be one.
 */
#pragma once

#include <em/config.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct em_task;

/* A place in a source. */
typedef struct em_place {
    const char *file;
    uint32_t line;
    uint32_t bytes; /* of what is awaited there */
} em_place;

/* Something that is linked while a task waits. */
typedef struct em_check_kind {
    const char *name;                                                /* with its article */
    bool (*intact)(const void *node, const struct em_task *task); /* does it look as if linked for this task? */
    bool is_local;                                                   /* nobody but its executor may touch it */
} em_check_kind;

#if EM_CFG_CHECKS

/* A node is about to be linked, for @p task, which may be NULL. Before anything is written. */
void em_check_link_(const em_check_kind *kind, const void *node, struct em_task *task);
/* One that looks linked is polled for @p task. */
void em_check_relink_(const em_check_kind *kind, const void *node, struct em_task *task);
/* One is about to be read because it is linked. */
void em_check_linked_(const void *node);
/* One is about to be taken out. */
void em_check_unlink_(const void *node);
/* It is dropped, by whoever runs. */
void em_check_local_(const void *node);

enum em_check_when {
    EM_CHECK_AWAIT_, /* what is to be awaited: may go on waiting for this task */
    EM_CHECK_READY_,
    EM_CHECK_DROPPED_,
    EM_CHECK_ENDED_,
};
/* Storage of which nothing may be linked, of a future of @p task, or its frame. */
void em_check_storage_is_free_(const void *at, size_t bytes, struct em_task *task, enum em_check_when when);

/* Nothing is linked: a test begins anew, with the storage of the last one. */
void em_check_forget_(void);

/* Report @p what of @p task, with @p name if it is not NULL, at the place of its await. */
_Noreturn void em_check_failed_(const struct em_task *task, const char *what, const char *name);
/* The same, with a number and the pc that was interrupted, or NULL. */
_Noreturn void em_check_late_(const struct em_task *task, const char *what, uint64_t ms, const void *pc);

/* Of one poll: the watchdog's (time/poll_limit.c). */
typedef struct em_limited_poll {
    struct em_task *task; /* NULL: none */
    uint64_t begun;
} em_limited_poll;

/* A poll begins; what was being polled on this hart, a level below. */
em_limited_poll em_limit_begin_(struct em_task *task);
void em_limit_end_(em_limited_poll outer);

#else

#define em_check_link_(kind, node, task) ((void)0)
#define em_check_relink_(kind, node, task) ((void)0)
#define em_check_linked_(node) ((void)0)
#define em_check_unlink_(node) ((void)0)
#define em_check_local_(node) ((void)0)
#define em_check_forget_() ((void)0)

#endif

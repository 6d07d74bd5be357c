/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The unit tests' frame: named tests, checks, and a trace that is compared exactly. Prints TAP with
 * em_print, so that one source runs on the host and on a machine.
 */
#pragma once

#include <em/board.h>
#include <em/executor.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct em_test {
    const char *name;
    void (*run)(void);
} em_test;

#define TEST(name) {#name, name}

/* Run all, print TAP, end the program: status 0 if all passed. Call it last in main(). */
_Noreturn void em_test_run(const em_test *tests, unsigned count);
#define RUN_TESTS(tests) em_test_run(tests, sizeof(tests) / sizeof((tests)[0]))

/* A failed check ends its test. */
void em_test_fail(const char *what, const char *file, int line);
#define CHECK(x)                                        \
    do {                                                \
        if (!(x)) {                                     \
            em_test_fail(#x, __FILE__, __LINE__);       \
            return;                                     \
        }                                               \
    } while (0)

/* Note an event: the trace is a line of words. */
void em_trace(const char *word);
void em_trace_number(const char *word, unsigned n); /* word and n as one: "a3" */

/* Forget the trace. */
void em_trace_clear(void);

/* The trace since the last call, or since the test began, is exactly this. */
bool em_trace_is(const char *expected);
#define CHECK_TRACE(expected) CHECK(em_trace_is(expected))

/* xorshift: the same numbers everywhere. */
static inline uint32_t em_test_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 16);
}

/* A task written without macros: `poll` is its body, `slot` its storage. */
typedef struct em_raw_task {
    em_task task;
    em_future frame;
    em_task *self;
} em_raw_task;

#define RAW_TASK_TYPE(task_name, poll_, drop_)                                                              \
    static em_raw_task task_name##_slot;                                                                    \
    static const em_task_type task_name##_type = {                                                          \
        .ops = {.poll = poll_, .drop = drop_, .name = #task_name}, .slots = &task_name##_slot.task, .count = 1,   \
        .slot_bytes = sizeof(em_raw_task), .file = __FILE__, .line = __LINE__};     \
    static em_spawn_token task_name(void)                                                                   \
    {                                                                                                  \
        em_task *t = em_task_claim_(&task_name##_type, &task_name##_slot.task, 1);                               \
        if (!t) {                                                                                      \
            return em_token_of_full_pool_(&task_name##_type);                                              \
        }                                                                                              \
        em_task_root(t)->ops = &task_name##_type.ops;                                                       \
        return em_token_of_slot_(t);                                                                   \
    }

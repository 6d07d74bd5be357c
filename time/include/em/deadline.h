/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * Deadlines: of the ready tasks of one priority the one whose deadline is the earliest is polled next.
 *
 * Flow: em_set_deadline -> the task's header -> priority.c, line_edf.h
 *
 * Rules for deadlines:
 *  - They need the option: `meson setup -Ddeadlines=true`. It costs 24 bytes a task. `tools/em run` and `build` turn it
 *    on by themselves for a program that names em_set_deadline or its kin.
 *  - A priority goes before any deadline (em/priority.h); a deadline goes before none; those without, and equal ones,
 *    take turns.
 *  - A deadline stays until it is set anew: what is long past is the most urgent. EM_INSTANT_MAX takes it away.
 *  - Nobody is interrupted, dropped or told when a deadline passes: WITH_DEADLINE does that.
 *  - Within a priority there is no fairness: a task that is ready again at once with an early deadline runs alone.
 */
#pragma once

#include <em/priority.h>
#include <em/time.h>

#if EM_CFG_DEADLINES

/**
 * Set the deadline of the running task, from its next poll on; EM_INSTANT_MAX: none.
 *
 * Context: task (asserts elsewhere)
 * Cost:    as em_task_set_deadline()
 */
static inline void em_set_deadline(em_instant t)
{
    em_set_urgency_((uintptr_t)~t.ticks);
}

/**
 * Set the deadline of a task until it ends or is given another one; EM_INSTANT_MAX: none.
 *
 * A ready one moves at once. One that waits goes on waiting. Nothing happens if the task has ended.
 *
 * Context: task | isr | any hart | init
 * Cost:    O(1); if the task is ready, its executor sorts once what is ready before its next poll, however many have
 *          changed until then, with interrupts unmasked
 */
static inline void em_task_set_deadline(em_task_handle h, em_instant t)
{
    em_task_set_urgency_(h, (uintptr_t)~t.ticks);
}

/** The deadline of the running task, EM_INSTANT_MAX if it has none. Context: task (asserts elsewhere) */
static inline em_instant em_deadline(void)
{
    return (em_instant){~(uint64_t)em_urgency_()};
}

#else

#define EM_DEADLINES_ARE_OFF_(name, value) \
    ((void)sizeof(struct { _Static_assert(0, name ": deadlines are off: meson setup -Ddeadlines=true"); char c; }), \
     value)
#define em_set_deadline(t) EM_DEADLINES_ARE_OFF_("em_set_deadline", (void)(t))
#define em_task_set_deadline(h, t) EM_DEADLINES_ARE_OFF_("em_task_set_deadline", (void)(t))
#define em_deadline() EM_DEADLINES_ARE_OFF_("em_deadline", EM_INSTANT_MAX)

#endif

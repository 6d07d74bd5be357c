/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several harts: how they are started, and who of them sleeps.
 *
 * The handshake. Who sleeps says so, then looks at its queue, then sleeps. Who pushes looks, after the push, whether
 * the hart sleeps. Each of the two has its store before its load in the one order of memory, so at least one of
 * them sees the other's (tests/spin/sleep.pml). The word is swapped back by who sends the interrupt: one is enough.
 */
#pragma once

#include <em/executor.h>

typedef struct em_hart_sleep {
    int32_t asleep;
} EM_HART_ALIGNED_ em_hart_sleep;

#define EM_HART_LOCAL_BYTES 112 /* behind tp; sections.ld: __hart_local - __hart_header */

extern em_hart_sleep em_hart_sleeps_[EM_CFG_MAX_HARTS]; /* harts.c */

/** Say that this hart sleeps. True: e is still idle, sleep. Then or not, em_hart_wakes_(). Context: em_port_idle() */
static inline bool em_hart_may_sleep_(em_executor *e)
{
    em_atomic_swap(&em_hart_sleeps_[em_arch_hart()].asleep, 1); /* before the look */
    return em_executor_is_idle(e);
}

/** This hart looks at its queue before it sleeps again: nobody needs to interrupt it. Context: em_port_idle() */
static inline void em_hart_wakes_(void)
{
    em_atomic_store(&em_hart_sleeps_[em_arch_hart()].asleep, 0);
}

/** Interrupt a hart if it sleeps. After what it is to find was written. Context: task | isr | any hart | init */
void em_hart_wake_(unsigned hart);

/* The machine's part: clint_harts.c or sbi_harts.c. */

/** Is there such a hart, and does it wait to be started? Context: init */
bool em_hart_can_start_(unsigned physical);

/** Have it enter em_hart_start_. Context: init */
void em_hart_start_physical_(unsigned physical, unsigned logical);

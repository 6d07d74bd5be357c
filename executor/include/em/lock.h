/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * A short critical section that guards one object against tasks, interrupts and other harts.
 *
 * Rules for locks:
 *  - One lock an object; never two at once, but a run queue's, which nests in any, and a pool's at a task's end.
 *  - Held for a bounded number of instructions: no loop over waiters, no call of user code, no wait.
 *  - A zeroed lock is free. With one hart it has no members, costs no byte, and only masks.
 */
#pragma once

#include <em/arch.h>

typedef struct em_lock {
#if EM_CFG_MAX_HARTS > 1
    int32_t word;
#endif
} em_lock;

/**
 * Enter: mask this hart's interrupts, then take the lock.
 *
 * Context: task | isr | any hart | init
 * Cost:    2 instructions with one hart; spins while another hart is inside
 */
static inline __attribute__((always_inline)) em_irq em_lock_acquire(em_lock *lock)
{
    em_irq irq = em_irq_save();
#if EM_CFG_MAX_HARTS > 1
    while (em_atomic_swap(&lock->word, 1) != 0) {
        em_arch_relax();
    }
#else
    (void)lock;
#endif
    return irq;
}

/** Leave. Context: as em_lock_acquire() */
static inline __attribute__((always_inline)) void em_lock_release(em_lock *lock, em_irq irq)
{
#if EM_CFG_MAX_HARTS > 1
    em_atomic_store(&lock->word, 0);
#else
    (void)lock;
#endif
    em_irq_restore(irq);
}

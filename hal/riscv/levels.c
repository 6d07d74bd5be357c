/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The levels: executors that an interrupt polls before it returns, nested, on the stack of whatever it interrupts.
 *
 * Invariant: with interrupts unmasked no level above the current one is pending. So a task that pushes to a higher
 * level's queue is stopped right behind its first push, never in the gap of a second one (run_queue.h).
 *
 * Flow: em_wake -> em_port_pend -> em_ipi_raise_, unless a handler is at work;  the trap -> trap_levels.S ->
 * em_executor_poll
 */
#include "levels.h"
#include "ipi.h"
#include "irq.h"

#include <em/assert.h>

_Static_assert(offsetof(em_hart_levels, pending) == LEVELS_PENDING &&
               offsetof(em_hart_levels, running) == LEVELS_RUNNING &&
               offsetof(em_hart_levels, in_trap) == LEVELS_IN_TRAP &&
               offsetof(em_hart_levels, executors) == LEVELS_EXECUTORS &&
               sizeof(em_executor) == LEVELS_EXECUTOR_BYTES, "levels.h: for trap_levels.S");
#if EM_CFG_MAX_HARTS > 1
_Static_assert(sizeof(em_hart_levels) == 1 << LEVELS_SHIFT, "levels.h: for trap_levels.S");
#endif

em_hart_levels em_levels_[EM_CFG_MAX_HARTS];

/* For a program without timers; timer_queue.c has the other. */
__attribute__((weak)) void em_timers_attach_(em_executor *e)
{
    (void)e;
}

static void start(unsigned hart, unsigned level)
{
    em_hart_levels *l = &em_levels_[hart];
    em_executor *e = &l->executors[level - 1];
    int32_t bit = 1 << (level - 1);

    EM_ASSERT(l->started || em_irq_enabled()); /* an ISR may be inside a task's setting of the alarm */
    em_irq irq = em_irq_save();
    if (!(l->started & bit)) {
        l->started |= bit;
#if EM_CFG_MAX_HARTS > 1
        e->hart = (int32_t)hart;
        e->level = (int32_t)level;
#endif
        em_timers_attach_(e);
    }
    em_irq_restore(irq);
    em_trap_levels_();
}

em_spawner em_spawner_level(unsigned level)
{
    EM_ASSERT(level >= 1 && level <= EM_LEVELS);
    unsigned hart = em_arch_hart();
    em_hart_levels *l = &em_levels_[hart];
    if (!(em_atomic_load(&l->started) >> (level - 1) & 1)) {
        start(hart, level);
    }
    return (em_spawner){&l->executors[level - 1]};
}

unsigned em_level_of_(const em_executor *e)
{
    uintptr_t distance = (uintptr_t)e - (uintptr_t)em_levels_;
    if (distance >= sizeof em_levels_) {
        return 0;
    }
    const em_hart_levels *l = &em_levels_[distance / sizeof *l];
    return (unsigned)(4 * (l - em_levels_) + (e - l->executors) + 1);
}

/* On return the interrupt is pending, or was taken, if there is a level for it. A handler looks when it is over. */
static inline void raise_own(const em_hart_levels *l, unsigned hart)
{
    if (em_atomic_load(&l->in_trap) == 0 && em_atomic_load(&l->pending) > l->running) {
        em_ipi_raise_(hart);
    }
}

#if EM_CFG_MAX_HARTS > 1
void em_levels_pend_(em_executor *e)
{
    unsigned hart = (unsigned)e->hart;
    em_hart_levels *l = &em_levels_[hart];
    int32_t bit = 1 << (e->level - 1);

    long was = em_atomic_or(&l->pending, bit);
    if (hart == em_arch_hart()) {
        raise_own(l, hart);
    } else if (!(was & bit)) {
        em_ipi_raise_(hart);
    }
}
#else
/* Instead of pend.c's. The distances 32, 88, 144 of the levels' executors, in units of 32, happen to be their bits. */
void em_port_pend(em_executor *e)
{
    em_hart_levels *l = &em_levels_[0];
    uintptr_t distance = (uintptr_t)e - (uintptr_t)l;

    _Static_assert(offsetof(em_hart_levels, executors[0]) / 32 == 1 &&
                       offsetof(em_hart_levels, executors[1]) / 32 == 2 &&
                       offsetof(em_hart_levels, executors[2]) / 32 == 4, "level n is bit n - 1");
    if (distance < sizeof *l) {
        em_atomic_or(&l->pending, (int32_t)distance >> 5);
        raise_own(l, 0);
    }
}
#endif

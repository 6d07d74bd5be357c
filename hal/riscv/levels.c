/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The levels: executors that the software interrupt polls, nested, on the stack of whatever it interrupts.
 *
 * Invariant: with interrupts unmasked no level above the current one is pending. So a task that pushes to a higher
 * level's queue is stopped right behind its first push, never in the gap of a second one (run_queue.h).
 *
 * Flow: em_wake -> em_port_pend -> em_ipi_raise_;  trap.S -> software.c -> em_levels_run_ -> em_executor_poll
 */
#include "csr.h"
#include "ipi.h"
#include "irq.h"

#include <em/assert.h>
#include <em/level.h>

/* Of one hart. Level n is bit n - 1. */
typedef struct hart_levels {
    int32_t pending;
    int32_t running; /* the current level and all below: what is pending in here waits */
    int32_t started;
} EM_HART_ALIGNED_ hart_levels;

static hart_levels levels[EM_CFG_MAX_HARTS];
em_executor em_level_executors_[EM_CFG_MAX_HARTS][EM_LEVELS];

void em_trap_levels_(void); /* trap_levels.S */

/* For a program without timers; timer_queue.c has the other. */
__attribute__((weak)) void em_timers_attach_(em_executor *e)
{
    (void)e;
}

static void start(unsigned hart, unsigned level, int32_t bit)
{
    EM_ASSERT(levels[hart].started || em_irq_enabled()); /* an ISR may be inside a task's setting of the alarm */
    em_executor *e = &em_level_executors_[hart][level - 1];
#if EM_CFG_MAX_HARTS > 1
    e->hart = (int32_t)hart;
    e->level = (int32_t)level;
#endif
    em_irq irq = em_irq_save();
    if (!(em_atomic_or(&levels[hart].started, bit) & bit)) {
        em_timers_attach_(e);
    }
    em_irq_restore(irq);
    em_trap_levels_();
}

em_spawner em_spawner_level(unsigned level)
{
    EM_ASSERT(level >= 1 && level <= EM_LEVELS);
    unsigned hart = em_arch_hart();
    int32_t bit = 1 << (level - 1);
    if (!(levels[hart].started & bit)) {
        start(hart, level, bit);
    }
    return (em_spawner){&em_level_executors_[hart][level - 1]};
}

static void pend(unsigned hart, int32_t bit)
{
    hart_levels *l = &levels[hart];
    long was = em_atomic_or(&l->pending, bit);
    if (hart == em_arch_hart() ? bit > l->running : !(was & bit)) {
        em_ipi_raise_(hart);
    }
}

#if EM_CFG_MAX_HARTS > 1
void em_levels_pend_(em_executor *e)
{
    pend((unsigned)e->hart, 1 << (e->level - 1));
}
#else
/* Instead of pend.c's. */
void em_port_pend(em_executor *e)
{
    em_executor *level = em_level_executors_[0];
    if (e == level + 2) {
        pend(0, 4);
    } else if (e == level + 1) {
        pend(0, 2);
    } else if (e == level) {
        pend(0, 1);
    }
}
#endif

/* Masked. What a nested trap changes of the CSRs is put back: mret leaves the mode of the one before (MPP), too. */
void em_levels_run_(void)
{
    unsigned hart = em_arch_hart();
    hart_levels *l = &levels[hart];
    int32_t running = l->running;
    unsigned long epc = csr_read(CSR_EPC);
    unsigned long status = csr_read(CSR_STATUS);

    int32_t pending;
    while ((pending = em_atomic_load(&l->pending)) > running) {
        unsigned above = pending & 4 ? 2 : pending & 2 ? 1 : 0;
        em_atomic_and(&l->pending, ~(1 << above));
        l->running = (2 << above) - 1;
        em_irq_enable();
        em_executor_poll(&em_level_executors_[hart][above]);
        em_irq_disable();
    }
    l->running = running;
    csr_write(CSR_EPC, epc);
    csr_write(CSR_STATUS, status);
}

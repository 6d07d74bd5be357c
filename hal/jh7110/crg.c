/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The clock and reset generators: a gate bit for each clock; for each reset one bit to hold it and one that says
 * that it is over.
 *
 * Flow: drivers' start -> here -> the hardware
 * Ref:  [VF2UB] drivers/clk/starfive, drivers/reset/reset-jh7110.c: a status of 1 is out of reset
 */
#include "crg.h"

#include <em/assert.h>
#include <em/lock.h>

#define LONG_ENOUGH 1000000 /* reads; a reset takes a few clocks of its device */

const em_crg em_crg_sys = {SYSCRG_BASE, SYSCRG_RESETS, SYSCRG_RESET_STATUS};
const em_crg em_crg_stg = {STGCRG_BASE, STGCRG_RESETS, STGCRG_RESET_STATUS};
const em_crg em_crg_aon = {AONCRG_BASE, AONCRG_RESETS, AONCRG_RESET_STATUS};

static em_lock lock;

static volatile uint32_t *at(const em_crg *crg, unsigned offset)
{
    return (volatile uint32_t *)(crg->base + offset);
}

/* Neighbours share the registers of resets. */
static void change(volatile uint32_t *reg, uint32_t clear, uint32_t set)
{
    em_irq irq = em_lock_acquire(&lock);
    *reg = (*reg & ~clear) | set;
    em_lock_release(&lock, irq);
}

static void release(const em_crg *crg, unsigned id)
{
    uint32_t bit = 1u << id % 32;
    volatile uint32_t *done = at(crg, crg->status_at + id / 32 * 4);

    change(at(crg, crg->assert_at + id / 32 * 4), bit, 0);
    for (unsigned reads = 0; !(*done & bit); reads++) {
        EM_ASSERT(reads < LONG_ENOUGH);
    }
}

void em_crg_bring_up(const em_crg_needs *needs)
{
    for (unsigned i = 0; i < EM_CRG_IDS && needs->clocks[i]; i++) {
        change(at(needs->crg, 4u * needs->clocks[i]), 0, CRG_CLOCK_GATE);
    }
    for (unsigned i = 0; i < EM_CRG_IDS && needs->resets[i]; i++) {
        release(needs->crg, needs->resets[i]);
    }
}

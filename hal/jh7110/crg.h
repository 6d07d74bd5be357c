/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Clocks and resets of the JH7110's devices.
 *
 * Ref: [VF2DT] dt-bindings clock and reset, starfive,jh7110-crg.h: the ids;
 *      [VF2UB] drivers/clk/starfive/clk-jh7110.c, drivers/reset/reset-jh7110.c: the registers
 */
#pragma once

#include <memory_map.h>
#include <stdint.h>

/* Where their resets are held, and where they say that they are over. A clock's register is at 4 times its id. */
#define SYSCRG_RESETS 0x2f8
#define SYSCRG_RESET_STATUS 0x308
#define STGCRG_RESETS 0x74
#define STGCRG_RESET_STATUS 0x78
#define AONCRG_RESETS 0x38
#define AONCRG_RESET_STATUS 0x3c

#define CRG_CLOCK_GATE (1u << 31)

/* A clock and reset generator. */
typedef struct em_crg {
    uintptr_t base;
    uint16_t assert_at, status_at; /* of its resets, 32 a register */
} em_crg;

extern const em_crg em_crg_sys, em_crg_stg, em_crg_aon;

/* What a device needs before it may be touched: up to so many clocks and resets, 0 ends a list. */
#define EM_CRG_IDS 4
typedef struct em_crg_needs {
    const em_crg *crg;
    uint8_t clocks[EM_CRG_IDS];
    uint8_t resets[EM_CRG_IDS];
} em_crg_needs;

/**
 * Switch a device's clocks on and take it out of reset. Nothing that is on already is touched.
 *
 * Context: init | task; others may do the same for other devices, on any hart
 * Cost:    waits for the hardware, some clocks of the bus for each reset; panics if a reset is never done
 */
void em_crg_bring_up(const em_crg_needs *needs);

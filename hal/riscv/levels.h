/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What levels.c and trap_levels.S share: a hart's levels, level n being bit n - 1. For C and for assembly.
 */
#pragma once

#include "csr.h"

/* Offsets in em_hart_levels, and the distance between two harts' as a shift. */
#define LEVELS_PENDING 0
#define LEVELS_RUNNING 8
#define LEVELS_IN_TRAP 12 /* the other half of a word with running */
#if EM_CFG_MAX_HARTS > 1
#define LEVELS_EXECUTORS 64
#define LEVELS_EXECUTOR_BYTES 64
#define LEVELS_SHIFT 8
#else
#define LEVELS_EXECUTORS 32
#define LEVELS_EXECUTOR_BYTES 56
#endif

#ifndef __ASSEMBLER__
#include <em/level.h>

typedef struct em_hart_levels {
    int32_t pending;
    int32_t started;
    int32_t running; /* the current level and all below: what is pending in here waits */
    int32_t in_trap; /* not 0: a handler runs, which looks at pending when it is over */
    int64_t unused[2]; /* for bit_of() */
    em_executor executors[EM_LEVELS];
} EM_HART_ALIGNED_ em_hart_levels;

extern em_hart_levels em_levels_[EM_CFG_MAX_HARTS];

/** Let the software interrupt come, and link trap_levels.S. Context: em_spawner_level() */
void em_trap_levels_(void);
#endif

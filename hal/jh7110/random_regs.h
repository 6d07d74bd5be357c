/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The random number generator's registers.
 *
 * Ref: [VF2UB] drivers/rng/jh7110_rng.c
 */
#pragma once

#include <memory_map.h>

#define RANDOM_CTRL 0x00
#define RANDOM_STAT 0x04
#define RANDOM_MODE 0x08
#define RANDOM_IE 0x10
#define RANDOM_ISTAT 0x14 /* 1 clears */
#define RANDOM_RAND0 0x20 /* and seven more */
#define RANDOM_AUTO_RQSTS 0x60
#define RANDOM_AUTO_AGE 0x64

#define RANDOM_CTRL_GENERATE 1u
#define RANDOM_CTRL_RESEED 2u
#define RANDOM_STAT_BUSY (3u << 30) /* generating, or seeding */
#define RANDOM_MODE_256 (1u << 3)   /* bits at a time */
#define RANDOM_READY (1u << 0)      /* of IE and ISTAT */
#define RANDOM_SEEDED (1u << 1)
#define RANDOM_LOCKUP (1u << 4) /* the noise source stands still */
#define RANDOM_IE_GLOBAL (1u << 31)

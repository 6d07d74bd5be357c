/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the sources of tests/tsan want of Linux, on a machine. */
#pragma once

#include <em/arch.h>
#include <em/board.h>
#include <stdio.h>
#include <stdlib.h>

#define printf em_print
#define exit em_board_exit

static inline void sched_yield(void)
{
    em_arch_relax();
}

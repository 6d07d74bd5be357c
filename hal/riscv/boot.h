/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What start.S calls, and what a board's em_board_init() may. */
#pragma once

#include <em/config.h>

/** Bring the board up: clocks, pins, what main() relies on. Interrupts are masked. Context: init, before main() */
void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp);

/** S-mode: find out which hart this is from what it was entered with, and remember it. Context: init */
void em_sbi_boot_hart(unsigned long a0, unsigned long a1, unsigned long tp);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What start.S calls, and what a board's em_board_init() may. */
#pragma once

#include <em/config.h>
#include <stdbool.h>

/** Bring the board up: clocks, pins, what main() relies on. Interrupts are masked. Context: init, before main() */
void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp);

/** Start the other harts, as many as the image is for. Context: init, after em_board_init() */
void em_harts_start_(void);

/** What another hart comes to: its executor, for ever. Context: init, on that hart */
_Noreturn void em_hart_main_(unsigned hart);

/** S-mode: is this what the SBI enters a program with, rather than an argument of U-Boot's `go`? Context: init */
bool em_sbi_is_device_tree(unsigned long a1);

/** S-mode: find out which hart this is from what it was entered with, and remember it. Context: init */
void em_sbi_boot_hart(unsigned long a0, unsigned long a1, unsigned long tp);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/** Traps that nobody expects, for programs that want to handle them themselves. RISC-V boards. */
#pragma once

#include <stdint.h>

/* The interrupted context: x[1] .. x[31] as they were, and in x[0], which is always 0, the pc. */
typedef struct em_trap_frame {
    uint64_t x[32];
} em_trap_frame;

/**
 * An exception, or an interrupt that no driver of this image can have enabled.
 *
 * The framework's own prints the report of em_port_panic() and ends the program. A program that defines
 * this function has its own, which may return to go on at frame->x[0].
 *
 * Context: any, with interrupts masked, on a stack of 2 KiB for this purpose; must not trap again
 */
void em_trap_unexpected(em_trap_frame *frame);

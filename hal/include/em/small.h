/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The small core, from a program in S-mode: an image of its own is put into its memory and entered. Board jh7110_big,
 * mode s.
 *
 * Flow: em_small_start -> the LIM -> hart 0, which has waited there (hal/jh7110/hart0_waits.S) -> the image
 */
#pragma once

#include <em/error.h>
#include <stddef.h>

/**
 * The bytes of @p file, a path for the assembler, as the symbols @p name[] and @p name_end[], which are both declared.
 *
 * At file scope. For an image of board jh7110_small that was built with jh7110_beside=s, as objcopy -O binary makes it.
 */
#define EM_IMAGE(name, file)                                                                                \
    __asm__(".pushsection .rodata." #name ", \"a\"\n\t.balign 8\n\t.globl " #name "\n" #name ":\n\t.incbin \"" file  \
            "\"\n\t.globl " #name "_end\n" #name "_end:\n\t.balign 8\n\t.popsection");                      \
    extern const char name[], name##_end[]

/**
 * Have hart 0 run @p image, of @p bytes, from the begin of the LIM on. The memory that both share is zeroed before.
 *
 * Call it once, when no other hart uses the LIM. What the image then says, it says by itself (em/shared_ring.h,
 * em/doorbell.h).
 *
 * Context: init | task
 * Errors:  EM_ERR_CLOSED  hart 0 does not wait: this program was not started by what tools/with_hart0 makes, U-Boot has
 *                         made the LIM its cache, or hart 0 has an image already
 *          EM_ERR_OVERFLOW  the image does not fit
 * Cost:    O(bytes)
 */
EM_MUST_USE int em_small_start(const void *image, size_t bytes);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * From a saved pc to a source line, by the table that the awaits left in the section em_awaits.
 *
 * Flow: EM_MARK_AWAIT_ (macros/) -> the linker gathers the section -> here <- panic report, task dump
 */
#include <em/frame.h>

/* Written by the asm of EM_MARK_AWAIT_. */
typedef struct em_await_record {
    int32_t label; /* from here to the label */
    uint32_t line;
} em_await_record;

/* The linker's, or, where a script places the section, the script's. */
extern const em_await_record __start_em_awaits[];
extern const em_await_record __stop_em_awaits[];

unsigned em_await_line_(const em_frame *f)
{
    /* A record that no pc equals, so that the section exists in a program without awaits. */
    __asm__ volatile(".Lem_awaits_%=:\n"
                     ".pushsection em_awaits, \"ao\", %%progbits, .Lem_awaits_%=\n"
                     ".balign 4\n"
                     ".4byte 0, 0\n"
                     ".popsection" ::);

    for (const em_await_record *r = __start_em_awaits; r != __stop_em_awaits; r++) {
        if ((uintptr_t)&r->label + (uintptr_t)(intptr_t)r->label == (uintptr_t)f->pc) {
            return r->line;
        }
    }
    return 0;
}

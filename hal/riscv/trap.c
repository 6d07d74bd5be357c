/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_trap_unexpected: the report of a trap that nobody expects.
 *
 * Flow: exception.S -> here -> hal/common/report.c
 */
#include "csr.h"
#include "report.h"

#include <em/arch.h>
#include <em/trap.h>
#include <stddef.h>

extern char __text_start[], __stack_bottom[], __stacks_end[];

/* [PRIV] table 3.6 */
static const char *const causes[] = {
    "instruction address misaligned", "instruction access fault", "illegal instruction", "breakpoint",
    "load address misaligned", "load access fault", "store address misaligned", "store access fault",
    "ecall from user", "ecall from supervisor", NULL, "ecall from machine",
    "instruction page fault", "load page fault", NULL, "store page fault"};

#define CAUSE_STORE_ACCESS 7
#define CAUSE_INTERRUPT (1ul << 63)

static const char *cause_name(unsigned long cause)
{
    if (cause & CAUSE_INTERRUPT) {
        return "unexpected interrupt";
    }
    const char *name = cause < sizeof causes / sizeof *causes ? causes[cause] : NULL;
    return name ? name : "unknown";
}

/* Of this hart's stack: the harts' areas are of one size (sections.ld). */
static unsigned long stack_bottom(void)
{
    unsigned long area = (unsigned long)(__stacks_end - __stack_bottom) / EM_CFG_MAX_HARTS;
    return (unsigned long)__stack_bottom + em_arch_hart() * area;
}

/* A store below the stack by a frame on it: how far below depends on the frame that did not fit. */
static bool is_overflow(unsigned long cause, unsigned long tval, unsigned long sp)
{
    unsigned long bottom = stack_bottom();
    return cause == CAUSE_STORE_ACCESS && tval < bottom && tval + 8 >= sp && sp < bottom + 4096;
}

static const char names[][4] = {"pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",
                                "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
                                "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

static void say_registers(const em_trap_frame *frame)
{
    for (unsigned i = 0; i < 32; i++) {
        em_format_(&em_report_sink_, "  %3s %016lx%s", names[i], frame->x[i], i % 4 == 3 ? "\n" : "");
    }
}

void em_trap_unexpected(em_trap_frame *frame)
{
    unsigned long cause = csr_read(CSR_CAUSE);
    unsigned long tval = csr_read(CSR_TVAL);
    unsigned long status = csr_read(CSR_STATUS);

    if (em_report_begin_()) {
        em_format_(&em_report_sink_, "\n*** panic: %s%s\n", cause_name(cause),
                   is_overflow(cause, tval, frame->x[2]) ? ": stack overflow" : "");
        em_format_(&em_report_sink_, "  epc 0x%lx tval 0x%lx cause 0x%lx status 0x%lx\n", frame->x[0], tval, cause,
                   status);
        em_report_task_();
        say_registers(frame);
    }
    em_report_end_();
}

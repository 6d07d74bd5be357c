/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The panic report: who was running, and where it last waited.
 *
 * The most useful first: what comes later may trap, for the memory that it looks at may be broken.
 *
 * Flow: em_port_panic, em_trap_unexpected -> here -> em_report_sink_, em_board_exit
 */
#include "report.h"

#include "uart_core.h"

#include <em/executor.h>
#include <em/frame.h>
#include <em/print_line.h>

static int32_t reports;
static int32_t reporting; /* a bit a hart */

/* One report at a time: who comes while another hart makes one stays here. */
static void leave_it_to_others(void)
{
    int32_t own = 1 << em_arch_hart();
    long before = em_atomic_or(&reporting, own);
    while (before != 0 && !(before & own)) {
        em_arch_relax();
    }
}

#if EM_CFG_TRACE
/* inspect/trace_print.c has others. */
__attribute__((weak)) void em_report_begins_(void)
{
}

__attribute__((weak)) void em_report_ends_(void)
{
}
#endif

bool em_report_begin_(void)
{
    em_irq_disable();
#if EM_CFG_TRACE
    em_report_begins_();
#endif
    if (EM_CFG_MAX_HARTS > 1) {
        leave_it_to_others();
    }
    long before = em_atomic_add(&reports, 1);
    if (before == 0) {
        em_uart_drain_console_();
    } else if (before == 1) {
        em_format_(&em_report_sink_, "\n*** panic inside the panic report\n");
    } else {
        em_uart_at_exit_ = NULL; /* not even that */
    }
    return before == 0;
}

_Noreturn void em_report_end_(void)
{
#if EM_CFG_TRACE
    if (em_atomic_load(&reports) == 1) { /* not where the report has failed itself */
        em_report_ends_();
    }
#endif
    em_board_exit(EM_PANIC_STATUS);
}

/* Only frames have this drop: tasks and async functions (em/frame.h). */
static const em_frame *as_frame(const em_future *f)
{
    return em_future_ops_(f)->drop == em_frame_drop ? (const em_frame *)(const void *)f : NULL;
}

static void say_waits(const em_future *f, const char *file)
{
    const em_frame *frame = as_frame(f);
    for (int depth = 0; frame && depth < 16; depth++) {
        unsigned line = em_await_line_(frame);
        if (line) {
            em_format_(&em_report_sink_, "  %s last waited at %s:%u", em_future_ops_(f)->name, file, line);
        } else {
            em_format_(&em_report_sink_, "  %s has not waited yet", em_future_ops_(f)->name);
        }
        f = line ? frame->awaiting : NULL; /* unset until it waits */
        em_format_(&em_report_sink_, f ? " for %s\n" : "\n", f ? em_future_ops_(f)->name : "");
        frame = f ? as_frame(f) : NULL;
        file = frame ? ((const em_fn_type *)(const void *)em_future_ops_(f))->file : NULL;
    }
}

void em_report_running_(void)
{
    unsigned hart = em_arch_hart();
    em_format_(&em_report_sink_, "  hart %u (physical %u)\n", hart, em_hart_physical(hart));
    em_task *t = em_running_task();
    if (!t) {
        em_format_(&em_report_sink_, "  no task is running\n");
        return;
    }
    const em_task_type *type = em_task_type_of(t);
    em_format_(&em_report_sink_, "  task %s (%s:%u) at %p\n", type->ops.name, type->file, (unsigned)type->line,
               (void *)t);
    say_waits(em_task_root(t), type->file);
}

/* dump_report.c has another one. */
void em_report_task_(void) __attribute__((weak, alias("em_report_running_")));

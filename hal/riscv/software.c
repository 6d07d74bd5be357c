/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The handler of the software interrupt. It says nothing but "look": at this hart's run queue, which who sleeps
 * does anyway, and at its levels, if there are any.
 *
 * Flow: trap.S or em_port_idle -> here -> levels.c
 */
#include "ipi.h"
#include "irq.h"

#include <em/trace.h>

/* For a program without levels; levels.c has the other. */
__attribute__((weak)) void em_levels_run_(void)
{
}

/* For a program without a doorbell; doorbell.c has the other. */
__attribute__((weak)) void em_irq_software_(void)
{
    em_trace_irq_begin_(IRQ_SOFTWARE);
    em_ipi_clear_();
    em_trace_irq_end_(IRQ_SOFTWARE, 0);
    em_levels_run_();
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The handlers of a hart's three interrupts, called masked, by trap.S or by em_port_idle().
 *
 * Each silences its cause. Those two refer to them weakly: naming one there does not link its driver; see
 * sections.ld.
 */
#pragma once

struct em_executor;

void em_irq_timer_(void);    /* clint.c or sbi_timer.c */
void em_irq_software_(void); /* software.c, if there are other harts or levels */
void em_irq_external_(void); /* plic.c */

/** Have an executor of a level polled, on its hart. Context: em_port_pend() */
void em_levels_pend_(struct em_executor *e); /* levels.c */

/** Run what is pending at levels above the current one. Context: isr, by em_irq_software_() only */
void em_levels_run_(void); /* levels.c */

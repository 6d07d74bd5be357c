/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What the executor needs of the machine: three functions that a port defines, and <em/arch.h>.
 *
 * Flow: waker.c, executor.c -> here -> hal/riscv/port.c or hal/host/port.c
 *
 * Rules for ports:
 *  - No weak symbols: a missing hook is a link error, and the linker's list is the porting checklist.
 *  - The hooks that must cost two instructions (mask, unmask, hart number, atomics) are inline, in
 *    the <em/arch.h> of the instruction set (executor/arch), not of the board.
 *  - A port calls the executor by em_wake() and em_executor_run() or em_executor_poll(), by nothing else.
 */
#pragma once

struct em_executor;

/**
 * Make em_executor_poll(e) happen soon.
 *
 * Called exactly when e's run queue went from empty to non-empty, and when an interrupt has asked e for a service
 * (em_executor_request_). Must not poll from inside.
 * Nothing to do where the executor looks at its queue before it sleeps on this very hart.
 * For an executor that an interrupt of this hart polls, that interrupt is pending on return: one that comes
 * some instructions later could stop the next push in its gap, and wait for it for ever (docs/VERIFICATION.md).
 *
 * Context: task | isr | any hart | init
 */
void em_port_pend(struct em_executor *e);

/**
 * Wait until an interrupt is pending.
 *
 * Called with this hart's interrupts masked, after e's run queue was seen empty; returns masked. A pend
 * or an interrupt since the masking must make it return at once (`wfi` wakes while masked, [PRIV] 3.3.3).
 * May serve the pending interrupts itself before it returns.
 *
 * Context: the run loop of e
 */
void em_port_idle(struct em_executor *e);

/**
 * Say what happened and stop with a failing status.
 *
 * @p what is a text, or NULL: an assertion failed. Anything may be broken: it must neither allocate nor wait for an
 * interrupt.
 *
 * Context: task | isr | any hart | init
 */
_Noreturn void em_port_panic(const char *what, const char *file, unsigned line);

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The pender, with one hart: the run loop looks at its queue before it sleeps, so there is nothing to do.
 *
 * In a file of its own: a program that polls an executor from a loop of its own may define another.
 *
 * Flow: em_wake -> here
 */
#include <em/port.h>

void em_port_pend(struct em_executor *e)
{
    (void)e;
}

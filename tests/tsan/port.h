/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The stress's port. It orders nothing between threads: a mutex here would hide what the product's
 * own orders lack.
 *
 * Flow: stress.c -> port_run_executors, port_stop_executors
 */
#pragma once

#include <em/executor.h>

#ifndef PORT_EXECUTORS
#define PORT_EXECUTORS 2
#endif

/** Start the thread executors, a thread each. */
void port_run_executors(void);

/** End them as soon as nothing is ready, and wait until they have ended. */
void port_stop_executors(void);

/** How often the pender was called. */
unsigned long port_pends(void);

/** This thread is hart @p hart from here on, or, with an executor's number, an interrupt of its hart. */
void port_be_hart(unsigned hart);

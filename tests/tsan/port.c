/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A hart is a thread that never really sleeps; pending is counted and does nothing.
 *
 * Flow: executor/ -> em_port_idle, em_port_pend -> here
 */
#include "port.h"

#include <em/port.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

_Thread_local unsigned em_host_hart_;
_Thread_local unsigned em_host_masked_;

static pthread_t threads[PORT_EXECUTORS];
static unsigned long pends;
static int stop;

void em_port_pend(em_executor *e)
{
    (void)e;
    __atomic_fetch_add(&pends, 1, __ATOMIC_RELAXED);
}

void em_port_idle(em_executor *e)
{
    while (em_executor_is_idle(e)) {
        if (__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
            pthread_exit(NULL);
        }
        sched_yield();
    }
}

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    printf("FAILED: panic: %s (%s:%u)\n", what ? what : "assertion failed", file, line);
    fflush(stdout);
    _Exit(1);
}

unsigned em_hart_count(void)
{
    return PORT_EXECUTORS;
}

static void *run(void *hart)
{
    port_be_hart((unsigned)(uintptr_t)hart);
    em_executor_run(&em_thread_executors_[em_arch_hart()]);
}

void port_run_executors(void)
{
    for (uintptr_t h = 0; h < PORT_EXECUTORS; h++) {
        if (pthread_create(&threads[h], NULL, run, (void *)h) != 0) {
            abort();
        }
    }
}

void port_stop_executors(void)
{
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (unsigned h = 0; h < PORT_EXECUTORS; h++) {
        pthread_join(threads[h], NULL);
    }
}

unsigned long port_pends(void)
{
    return __atomic_load_n(&pends, __ATOMIC_RELAXED);
}

void port_be_hart(unsigned hart)
{
    em_host_hart_ = hart;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The executor's port on Linux: a thread is a hart, or an interrupt; sleep is a condition variable.
 *
 * Flow: em_wake -> em_port_pend -> the thread in em_port_idle -> the run loop
 */
#include "warp.h"

#include <em/executor.h>
#include <em/port.h>
#include <pthread.h>

_Thread_local unsigned em_host_hart_;
_Thread_local unsigned em_host_masked_;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t pended = PTHREAD_COND_INITIALIZER;

void em_port_pend(em_executor *e)
{
    (void)e; /* every sleeper looks at its own queue */
    pthread_mutex_lock(&lock);
    pthread_cond_broadcast(&pended);
    pthread_mutex_unlock(&lock);
}

void em_port_idle(em_executor *e)
{
    pthread_mutex_lock(&lock);
    while (em_executor_is_idle(e)) {
        em_host_warp_();
        pthread_cond_wait(&pended, &lock);
    }
    pthread_mutex_unlock(&lock);
}

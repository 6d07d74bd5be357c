/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time driver on Linux: the monotonic clock, and one thread that stands for every hart's alarm interrupt.
 *
 * With EM_HOST_CLOCK=warp in the environment time is what the program has computed, and jumps to the next
 * alarm when there is nothing to do: a program then behaves the same however busy the machine is. (What
 * -icount with sleep=off is to QEMU.)
 *
 * Flow: em_time_driver_set_alarm -> alarm_thread -> em_time_on_alarm;  em_port_idle -> em_host_warp_
 */
#include "warp.h"

#include <em/arch.h>
#include <em/poll_limit.h>
#include <em/time_driver.h>
#include <em/trace.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_TICK (1000000000ull / EM_TICK_HZ)
#define IRQ_TIMER 7 /* [PRIV] table 3.6 */
#define LONGEST_WAIT_NS 3600000000000ull /* an hour; then it is looked at again */
_Static_assert(1000000000ull % EM_TICK_HZ == 0, "the host's tick is a whole number of nanoseconds");

static pthread_once_t started = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static uint64_t alarms[EM_CFG_MAX_HARTS]; /* UINT64_MAX: none */
static void start(void);
static bool warps;
static uint64_t jumped; /* ticks, if so; all threads look at it */

__attribute__((constructor)) static void choose_clock(void)
{
    const char *clock = getenv("EM_HOST_CLOCK");
    warps = clock && strcmp(clock, "warp") == 0;
}

static uint64_t ns_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

uint64_t em_time_driver_now(void)
{
    return warps ? ns_of(CLOCK_PROCESS_CPUTIME_ID) / NS_PER_TICK + __atomic_load_n(&jumped, __ATOMIC_SEQ_CST)
                 : ns_of(CLOCK_MONOTONIC) / NS_PER_TICK;
}

/* With the lock: the hart whose alarm is next. */
static unsigned next_hart(void)
{
    unsigned next = 0;
    for (unsigned h = 1; h < EM_CFG_MAX_HARTS; h++) {
        next = alarms[h] < alarms[next] ? h : next;
    }
    return next;
}

void em_host_warp_(void)
{
    if (!warps) {
        return;
    }
    pthread_once(&started, start);
    pthread_mutex_lock(&lock);
    uint64_t at = alarms[next_hart()];
    uint64_t now = em_time_driver_now();
    if (at != UINT64_MAX && at > now) {
        __atomic_fetch_add(&jumped, at - now, __ATOMIC_SEQ_CST);
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&lock);
}

/* With the lock. May return early: for a warping clock real time is only the least that it takes. */
static void wait_until(uint64_t at)
{
    if (at == UINT64_MAX) {
        pthread_cond_wait(&changed, &lock);
        return;
    }
    uint64_t now = em_time_driver_now();
    uint64_t left = at > now ? at - now : 0;
    uint64_t ns = left > LONGEST_WAIT_NS / NS_PER_TICK ? LONGEST_WAIT_NS : left * NS_PER_TICK;
    ns += ns_of(CLOCK_MONOTONIC);
    struct timespec until = {.tv_sec = (time_t)(ns / 1000000000ull), .tv_nsec = (long)(ns % 1000000000ull)};
    pthread_cond_timedwait(&changed, &lock, &until);
}

static void *alarm_thread(void *arg)
{
    em_host_masked_ = 1;
    pthread_mutex_lock(&lock);
    for (;;) {
        unsigned h = next_hart();
        if (alarms[h] == UINT64_MAX || alarms[h] > em_time_driver_now()) {
            wait_until(alarms[h]);
            continue;
        }
        alarms[h] = UINT64_MAX;
        pthread_mutex_unlock(&lock);
        em_host_hart_ = h;
        em_trace_irq_begin_(IRQ_TIMER);
        em_time_on_alarm();
        em_trace_irq_end_(IRQ_TIMER, 0);
        pthread_mutex_lock(&lock);
    }
    return arg;
}

static void start(void)
{
    pthread_condattr_t attr;
    pthread_t thread;

    for (unsigned h = 0; h < EM_CFG_MAX_HARTS; h++) {
        alarms[h] = UINT64_MAX;
    }
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    if (pthread_create(&thread, NULL, alarm_thread, NULL) != 0) {
        abort();
    }
    pthread_detach(thread);
}

void em_time_driver_set_alarm(uint64_t at)
{
    pthread_once(&started, start);
    pthread_mutex_lock(&lock);
    alarms[em_arch_hart()] = at;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

#if EM_CFG_CHECKS
/* What the hart's thread has had of the processor, so that a busy machine accuses nobody. */
uint64_t em_limit_clock_(unsigned hart)
{
    static clockid_t clocks[EM_CFG_MAX_HARTS];
    if (!em_host_masked_) { /* that thread itself: it asks before the alarm's does */
        pthread_getcpuclockid(pthread_self(), &clocks[hart]);
    }
    return ns_of(clocks[hart]) / NS_PER_TICK;
}
#endif

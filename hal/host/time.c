/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time driver on Linux: the monotonic clock, and one thread that stands for every hart's alarm interrupt.
 *
 * Flow: em_time_driver_set_alarm -> alarm_thread -> em_time_on_alarm
 */
#include <em/arch.h>
#include <em/time_driver.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_TICK (1000000000ull / EM_TICK_HZ)
_Static_assert(1000000000ull % EM_TICK_HZ == 0, "the host's tick is a whole number of nanoseconds");

static pthread_once_t started = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static uint64_t alarms[EM_CFG_MAX_HARTS]; /* UINT64_MAX: none */

uint64_t em_time_driver_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ((uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec) / NS_PER_TICK;
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

static void wait_until(uint64_t at)
{
    if (at == UINT64_MAX) {
        pthread_cond_wait(&changed, &lock);
        return;
    }
    uint64_t ns = at > UINT64_MAX / NS_PER_TICK ? UINT64_MAX : at * NS_PER_TICK;
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
        em_time_on_alarm();
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

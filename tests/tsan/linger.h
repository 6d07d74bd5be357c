/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* For mutants: who would wrongly come in meanwhile does, so one run shows it. */
#ifndef TESTS_TSAN_LINGER_H
#define TESTS_TSAN_LINGER_H

#include <sched.h>

static inline void linger(void)
{
    for (int i = 0; i < 20; i++) {
        sched_yield();
    }
}

#endif

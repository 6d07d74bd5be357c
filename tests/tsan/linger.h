/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* For mutants: who would wrongly come in meanwhile does, so one run shows it. */
#pragma once

#include <sched.h>

static inline void linger(void)
{
    for (int i = 0; i < 20; i++) {
        sched_yield();
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Stop and go on: a bit in each ring, which who writes looks at anyway.
 *
 * Flow: em_trace_stop -> em_trace_rings_;  em_trace_start -> the hart's next record -> em_trace_start_ (trace_ring.c)
 */
#include <em/arch.h>
#include <em/recording.h>
#include <em/trace_ring.h>

void em_trace_stop(void)
{
    em_atomic_add(&em_trace_stops_, 1);
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        em_atomic_and((int32_t *)&em_trace_rings_[hart].records, INT32_MAX);
    }
}

void em_trace_start(void)
{
    if (em_atomic_add(&em_trace_stops_, -1) != 1) {
        return;
    }
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        em_atomic_store((int32_t *)&em_trace_rings_[hart].gap_, 1);
    }
}

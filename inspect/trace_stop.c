/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Stop and go on: a bit in each ring, which who writes looks at anyway.
 *
 * Flow: em_trace_stop, em_trace_start -> em_trace_rings_
 */
#include <em/arch.h>
#include <em/recording.h>
#include <em/time_driver.h>
#include <em/trace_ring.h>

void em_trace_stop(void)
{
    em_atomic_add(&em_trace_stops_, 1);
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        em_atomic_and((int32_t *)&em_trace_rings_[hart].records, INT32_MAX);
    }
}

/* Nobody else writes: a record that was under way is long finished. If not, it or the gap is lost. */
static void go_on(em_trace_ring *ring)
{
    uint32_t at = ring->written;
    if (at != 0) {
        ring->record[at % EM_CFG_TRACE_RECORDS] =
            (em_trace_record){.stamp = em_time_driver_now() << 8 | EM_TRACE_LOST_};
        em_atomic_store((int32_t *)&ring->written, (int32_t)(at + 1));
    }
    if (ring->records != 0) {
        em_atomic_or((int32_t *)&ring->records, INT32_MIN);
    }
}

void em_trace_start(void)
{
    if (em_atomic_add(&em_trace_stops_, -1) != 1) {
        return;
    }
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        go_on(&em_trace_rings_[hart]);
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_trace_record_: from an event to the ring of this hart.
 *
 * Flow: em_trace_ (em/trace.h) -> here -> em_trace_rings_
 *
 * Interrupts are masked while a record is written, so a ring has one writer at a time. The count is stored last: who
 * sees it sees the record.
 */
#include <em/trace_ring.h>

#include <em/arch.h>
#include <em/time_driver.h>

em_trace_ring em_trace_rings_[EM_CFG_MAX_HARTS];

void em_trace_record_(uint32_t event, const void *object, uint32_t arg)
{
    em_irq irq = em_irq_save();
    em_trace_ring *ring = &em_trace_rings_[em_arch_hart()];
    uint32_t at = ring->written;
    em_trace_record *r = &ring->record[at % EM_CFG_TRACE_RECORDS];
    r->stamp = em_time_driver_now() << 8 | event;
    r->object = object ? em_trace_address_(object) : 0;
    r->arg = arg;
    ring->records = EM_CFG_TRACE_RECORDS;
    em_atomic_store((int32_t *)&ring->written, (int32_t)(at + 1));
    em_irq_restore(irq);
}

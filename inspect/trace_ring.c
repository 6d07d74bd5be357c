/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * em_trace_record_ and its sisters: from an event to the ring of this hart.
 *
 * Flow: em_trace_ (em/trace.h) -> here -> trace_write.h -> em_trace_rings_
 */
#include "trace_write.h"

#include <em/frame.h>

em_trace_ring em_trace_rings_[EM_CFG_MAX_HARTS] __attribute__((aligned(64))); /* harts share no cache line */

/* host/trace_file.c */
void em_trace_file_(void);

/* -- events ---------------------------------------------------------------------------------------- */

int32_t em_trace_stops_;

/* With the option `trace` start.S has done it, so that no event needs to find out. */
__attribute__((noinline)) bool em_trace_start_(em_trace_writer w)
{
    bool begins = w.ring->records == 0 && em_atomic_load(&em_trace_stops_) == 0;
    if (begins) {
        w.ring->records = EM_CFG_TRACE_RECORDS | EM_TRACE_RUNS;
#if !defined(__riscv)
        em_trace_file_();
#endif
    }
    em_trace_unlock_(w.ring, w.irq);
    return begins;
}

#if EM_CFG_TRACE && !defined(__riscv)
__attribute__((constructor)) static void start_all(void)
{
    for (unsigned hart = 0; hart < EM_CFG_MAX_HARTS; hart++) {
        em_trace_rings_[hart].records = EM_CFG_TRACE_RECORDS | EM_TRACE_RUNS;
    }
    em_trace_file_();
}
#endif

EM_TRACE_INLINE_ void keep(unsigned long event, const void *object, unsigned long arg)
{
    em_trace_writer w = em_trace_begin_();
    if (!em_trace_runs_(w)) {
        em_trace_unlock_(w.ring, w.irq);
        return;
    }
    if (object) {
        object = (const void *)((uintptr_t)object - (uintptr_t)em_trace_record_);
    }
    em_trace_put_(&w, event, (uintptr_t)object, arg);
    em_trace_end_(w);
}

void em_trace_record_(unsigned long event, const void *object, unsigned long arg)
{
    keep(event, object, arg);
}

void em_trace_record_at_(unsigned long event, const void *object, const void *place)
{
    keep(event, object, (uintptr_t)place - (uintptr_t)em_trace_record_);
}

void em_trace_await_(const em_frame *f)
{
    keep(EM_TRACE_AWAIT_, f->awaiting, (uintptr_t)f->pc - (uintptr_t)em_trace_record_);
}

/* -- how long this hart takes no interrupt ----------------------------------------------------------- */

#if EM_CFG_TRACE && defined(__riscv)
EM_TRACE_INLINE_ uint64_t cycles(void)
{
    uint64_t now;
#if EM_CFG_MODE_S
    __asm__ volatile("csrr %0, cycle" : "=r"(now)::"memory");
#else
    __asm__ volatile("csrr %0, mcycle" : "=r"(now)::"memory");
#endif
    return now;
}

EM_TRACE_INLINE_ void measure(em_trace_stretch *longest, uint64_t since, uint32_t from, uint32_t to)
{
    uint64_t took = cycles() - since;
    if (took > longest->cycles) {
        *longest = (em_trace_stretch){took < UINT32_MAX ? (uint32_t)took : UINT32_MAX, from, to};
    }
}

/* Masked, by em_irq_save(): the stretch begins where it returns, and ends with the call of the other. */
void em_trace_masked_(void)
{
    em_trace_ring *ring = em_trace_own_ring_();
    ring->masked_from_ = em_trace_address_(__builtin_return_address(0));
    ring->masked_since_ = cycles();
}

void em_trace_unmasked_(void)
{
    em_trace_ring *ring = em_trace_own_ring_();
    measure(&ring->masked, ring->masked_since_, ring->masked_from_, em_trace_address_(__builtin_return_address(0)));
}
#endif

#if EM_CFG_TRACE
void em_trace_idle_begin_(const void *executor)
{
    em_trace_ring *ring = em_trace_own_ring_();
    if (!ring->idle_) {
        ring->idle_ = 1;
        keep(EM_TRACE_IDLE_BEGIN_, executor, 0);
    }
}

void em_trace_idle_end_(const void *executor)
{
    em_trace_ring *ring = em_trace_own_ring_();
    if (ring->idle_) {
        ring->idle_ = 0;
        keep(EM_TRACE_IDLE_END_, executor, 0);
    }
}

void em_trace_irq_begin_(unsigned long irq)
{
    keep(EM_TRACE_IRQ_BEGIN_, NULL, irq);
#if defined(__riscv)
    em_trace_own_ring_()->handler_since_ = cycles();
#endif
}

void em_trace_irq_end_(unsigned long irq, unsigned long source)
{
#if defined(__riscv)
    em_trace_ring *ring = em_trace_own_ring_();
    measure(&ring->handler, ring->handler_since_, (uint32_t)irq, (uint32_t)source);
#else
    (void)source;
#endif
    keep(EM_TRACE_IRQ_END_, NULL, irq);
}
#endif

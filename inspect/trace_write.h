/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * To write into this hart's ring: begin, a record or several, end. Each is a few instructions.
 *
 * Flow: trace_ring.c, log.c -> here -> em_trace_rings_
 *
 * Interrupts are masked between begin and end, so a ring has one writer at a time. The count is stored last: who sees
 * it sees the records.
 */
#pragma once

#include <em/arch.h>
#include <em/time_driver.h>
#include <em/trace_ring.h>

#define EM_TRACE_INLINE_ static inline __attribute__((always_inline))

/* This hart's ring. In images for several harts with the option, start.S keeps its address in front of the hart's
 * number. */
EM_TRACE_INLINE_ em_trace_ring *em_trace_own_ring_(void)
{
#if EM_CFG_TRACE && defined(__riscv) && EM_CFG_MAX_HARTS > 1
    em_trace_ring *ring;
    __asm__("ld %0, -16(tp)" : "=r"(ring)); /* not volatile: as em_arch_hart() */
    return ring;
#else
    return &em_trace_rings_[em_arch_hart()];
#endif
}

/* The time in ticks: inline where it is an instruction or two (inspect/meson.build). */
EM_TRACE_INLINE_ uint64_t em_trace_clock_(void)
{
#if defined(EM_TRACE_MTIME)
    uint64_t now; /* by hand: Clang makes three instructions of it */
    __asm__ volatile("lui %0, %%hi(%1)\n\tld %0, %%lo(%1)(%0)" : "=r"(now) : "i"(EM_TRACE_MTIME));
    return now;
#elif defined(EM_TRACE_TIME_CSR)
    uint64_t now;
    __asm__ volatile("csrr %0, time" : "=r"(now));
    return now;
#else
    return em_time_driver_now();
#endif
}

#if defined(__riscv)
/* As em_irq_save() and em_irq_restore(), but not measured, and with all of the status in between. */
EM_TRACE_INLINE_ em_irq em_trace_lock_(void)
{
    em_irq irq;
    __asm__ volatile("csrrci %0, " EM_ARCH_STATUS_ ", %1" : "=r"(irq.was) : "i"(EM_ARCH_IE_) : "memory");
    return irq;
}

EM_TRACE_INLINE_ void em_trace_unlock_(em_trace_ring *ring, em_irq irq)
{
    (void)ring;
    __asm__ volatile("csrs " EM_ARCH_STATUS_ ", %0" ::"r"(irq.was) : "memory");
}
#else
/* The writers of one ring are several threads. */
EM_TRACE_INLINE_ em_irq em_trace_lock_(void)
{
    em_irq irq = em_irq_save();
    while (em_atomic_swap((int32_t *)&em_trace_own_ring_()->lock_, 1) != 0) {
        em_arch_relax();
    }
    return irq;
}

EM_TRACE_INLINE_ void em_trace_unlock_(em_trace_ring *ring, em_irq irq)
{
    em_atomic_store((int32_t *)&ring->lock_, 0);
    em_irq_restore(irq);
}
#endif

/* What begin gives and end takes. */
typedef struct em_trace_writer {
    em_trace_ring *ring;
    uint64_t head; /* `written`, with `records` in the upper half: negative as long as the ring runs */
    em_irq irq;
} em_trace_writer;

/* For who finds a ring that does not run, as a log is without the option `trace`. Ends what was begun. True: it does
 * now. */
bool em_trace_start_(em_trace_writer w);

/* Mask, and find the place; see em_trace_runs_(). */
EM_TRACE_INLINE_ em_trace_writer em_trace_begin_(void)
{
    em_irq irq = em_trace_lock_();
    em_trace_ring *ring = em_trace_own_ring_();
    uint64_t head;
    __builtin_memcpy(&head, __builtin_assume_aligned(ring, 8), sizeof head);
    return (em_trace_writer){ring, head, irq};
}

/* If not, nothing may be written: em_trace_unlock_() or em_trace_start_() is called in place of em_trace_end_(). */
EM_TRACE_INLINE_ bool em_trace_runs_(em_trace_writer w)
{
    return __builtin_expect((int64_t)w.head < 0, 1);
}

/* One record; @p object and @p arg as they are kept. */
EM_TRACE_INLINE_ void em_trace_put_(em_trace_writer *w, unsigned long event, unsigned long object, unsigned long arg)
{
    em_trace_record *r = &w->ring->record[w->head % EM_CFG_TRACE_RECORDS];
    event |= em_trace_clock_() << 8;
    r->stamp = event;
    r->object = (uint32_t)object;
    __asm__ volatile("" ::: "memory"); /* or GCC puts the two words together first */
    r->arg = (uint32_t)arg;
    w->head++;
}

EM_TRACE_INLINE_ void em_trace_end_(em_trace_writer w)
{
    em_atomic_store((int32_t *)&w.ring->written, (int32_t)w.head);
    em_trace_unlock_(w.ring, w.irq);
}

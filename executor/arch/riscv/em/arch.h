/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The instruction set's part of the port: interrupt mask, hart number, atomics, for RV64.
 *
 * Atomics are single AMOs with .aqrl: sequentially consistent, and free of LR/SC, which JH7110's
 * hart 0 lacks (docs/SOURCES.md [U74MC] 3.6). They are written out because GCC 12 adds a fence to each.
 * With one hart there is nobody to order against but our own interrupts: plain loads and stores do.
 */
#pragma once

#include <em/config.h>
#include <stdbool.h>
#include <stdint.h>

/* One to three instructions each: a call would cost more, in bytes too, whatever -Os thinks. */
#define EM_ARCH_INLINE_ static inline __attribute__((always_inline))

#define EM_ARCH_BARRIER_() __asm__ volatile("" ::: "memory")

/* [PRIV] 3.1.6.1 mstatus.MIE, 4.1.1 sstatus.SIE */
#if EM_CFG_MODE_S
#define EM_ARCH_STATUS_ "sstatus"
#define EM_ARCH_IE_ 2
#else
#define EM_ARCH_STATUS_ "mstatus"
#define EM_ARCH_IE_ 8
#endif

/* What em_irq_save() returns: opaque, so that it cannot be mixed with an integer. */
typedef struct em_irq {
    unsigned long was;
} em_irq;

/* The option `trace` measures how long a hart is masked: from a call of the one to that of the other. */
void em_trace_masked_(void);
void em_trace_unmasked_(void);

/** Mask this hart's interrupts; nests. Context: task | isr | any hart | init */
EM_ARCH_INLINE_ em_irq em_irq_save(void)
{
    em_irq irq;
    __asm__ volatile("csrrci %0, " EM_ARCH_STATUS_ ", %1" : "=r"(irq.was) : "i"(EM_ARCH_IE_) : "memory");
    irq.was &= EM_ARCH_IE_;
    if (EM_CFG_TRACE && irq.was) {
        em_trace_masked_();
    }
    return irq;
}

/** Undo the matching em_irq_save(). Context: task | isr | any hart | init */
EM_ARCH_INLINE_ void em_irq_restore(em_irq irq)
{
    if (EM_CFG_TRACE && irq.was) {
        em_trace_unmasked_();
    }
    __asm__ volatile("csrs " EM_ARCH_STATUS_ ", %0" ::"r"(irq.was) : "memory");
}

/** Unmask this hart's interrupts. Context: init | the run loop */
EM_ARCH_INLINE_ void em_irq_enable(void)
{
    __asm__ volatile("csrsi " EM_ARCH_STATUS_ ", %0" ::"i"(EM_ARCH_IE_) : "memory");
}

/** Mask this hart's interrupts, for the run loop, which knows that they are not masked. Context: the run loop */
EM_ARCH_INLINE_ void em_irq_disable(void)
{
    __asm__ volatile("csrci " EM_ARCH_STATUS_ ", %0" ::"i"(EM_ARCH_IE_) : "memory");
}

/** Are this hart's interrupts unmasked? False in an ISR. Context: task | isr | any hart | init */
EM_ARCH_INLINE_ bool em_irq_enabled(void)
{
    unsigned long status;
    __asm__ volatile("csrr %0, " EM_ARCH_STATUS_ : "=r"(status));
    return (status & EM_ARCH_IE_) != 0;
}

/** This hart's logical number, 0 .. EM_CFG_MAX_HARTS - 1; start.S puts it in front of what tp is for. Context: any */
EM_ARCH_INLINE_ unsigned em_arch_hart(void)
{
#if EM_CFG_MAX_HARTS == 1
    return 0;
#else
    unsigned hart;
    __asm__("lw %0, -8(tp)" : "=r"(hart)); /* not volatile: a hart's number does not change under a task */
    return hart;
#endif
}

/** A hint inside a loop that waits for another hart. Context: any */
EM_ARCH_INLINE_ void em_arch_relax(void)
{
    EM_ARCH_BARRIER_();
}

/** The AMOs return the old value; a word comes back sign-extended, as the instruction leaves it. Context: any */
EM_ARCH_INLINE_ long em_atomic_or(int32_t *p, int32_t bits)
{
    long old;
    __asm__ volatile("amoor.w.aqrl %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(bits) : "memory");
    return old;
}

/** Context: any */
EM_ARCH_INLINE_ long em_atomic_and(int32_t *p, int32_t bits)
{
    long old;
    __asm__ volatile("amoand.w.aqrl %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(bits) : "memory");
    return old;
}

/** Context: any */
EM_ARCH_INLINE_ long em_atomic_add(int32_t *p, int32_t n)
{
    long old;
    __asm__ volatile("amoadd.w.aqrl %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(n) : "memory");
    return old;
}

/** Context: any */
EM_ARCH_INLINE_ long em_atomic_swap(int32_t *p, int32_t value)
{
    long old;
    __asm__ volatile("amoswap.w.aqrl %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(value) : "memory");
    return old;
}

EM_ARCH_INLINE_ void *em_atomic_swap_ptr_(void **p, void *value)
{
    void *old;
    __asm__ volatile("amoswap.d.aqrl %0, %2, %1" : "=r"(old), "+A"(*p) : "r"(value) : "memory");
    return old;
}

/* All before is seen before all behind, by whoever shares the memory: other images too, which EM_CFG_MAX_HARTS does not
 * count. Context: any */
EM_ARCH_INLINE_ void em_arch_fence_(void)
{
    __asm__ volatile("fence rw, rw" ::: "memory");
}

/* A sum that orders nothing. */
EM_ARCH_INLINE_ void em_atomic_count_(int32_t *p, int32_t n)
{
    __asm__ volatile("amoadd.w zero, %1, %0" : "+A"(*p) : "r"(n));
}

/* Relaxed: for words that another access orders. Stores are spelled out: GCC 12 makes an atomic one an AMO. */
EM_ARCH_INLINE_ void *em_atomic_peek_ptr_(void *const *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}

EM_ARCH_INLINE_ void em_atomic_poke_ptr_(void **p, void *value)
{
    __asm__ volatile("sd %z1, %0" : "=m"(*p) : "rJ"(value));
}

EM_ARCH_INLINE_ void *em_atomic_load_ptr_(void *const *p)
{
    void *value = __atomic_load_n(p, __ATOMIC_RELAXED);
#if EM_CFG_MAX_HARTS > 1
    __asm__ volatile("fence r, rw" ::: "memory");
#else
    EM_ARCH_BARRIER_();
#endif
    return value;
}

EM_ARCH_INLINE_ void em_atomic_store_ptr_(void **p, void *value)
{
#if EM_CFG_MAX_HARTS > 1
    __asm__ volatile("fence rw, w" ::: "memory");
#else
    EM_ARCH_BARRIER_();
#endif
    em_atomic_poke_ptr_(p, value);
}

/** Context: any */
EM_ARCH_INLINE_ int32_t em_atomic_load(const int32_t *p)
{
    int32_t value = __atomic_load_n(p, __ATOMIC_RELAXED);
#if EM_CFG_MAX_HARTS > 1
    __asm__ volatile("fence r, rw" ::: "memory");
#else
    EM_ARCH_BARRIER_();
#endif
    return value;
}

/** Context: any */
EM_ARCH_INLINE_ void em_atomic_store(int32_t *p, int32_t value)
{
#if EM_CFG_MAX_HARTS > 1
    __asm__ volatile("fence rw, w" ::: "memory");
#else
    EM_ARCH_BARRIER_();
#endif
    __asm__ volatile("sw %z1, %0" : "=m"(*p) : "rJ"(value));
}

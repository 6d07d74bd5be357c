/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The instruction set's part of the port on Linux, where threads stand for harts and for interrupts.
 *
 * A thread cannot be masked, so masking only counts: what protects an object is its em_lock, as
 * between harts. Everything is sequentially consistent, so ThreadSanitizer sees what RV64 does.
 */
#pragma once

#include <em/config.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#define EM_ARCH_HAS_NO_LEVELS 1 /* em/level.h: a thread's own interrupt cannot preempt it */

typedef struct em_irq {
    unsigned was;
} em_irq;

/* Of this thread: its hart number, and whether it stands for an interrupt. */
extern _Thread_local unsigned em_host_hart_;
extern _Thread_local unsigned em_host_masked_;

/** Mask this hart's interrupts; nests. Context: task | isr | any hart | init */
static inline em_irq em_irq_save(void)
{
    em_irq irq = {em_host_masked_};
    em_host_masked_ = 1;
    return irq;
}

/** Undo the matching em_irq_save(). Context: task | isr | any hart | init */
static inline void em_irq_restore(em_irq irq)
{
    em_host_masked_ = irq.was;
}

/** Unmask this hart's interrupts. Context: init | the run loop */
static inline void em_irq_enable(void)
{
    em_host_masked_ = 0;
}

/** Mask this hart's interrupts. Context: the run loop */
static inline void em_irq_disable(void)
{
    em_host_masked_ = 1;
}

/** Are this hart's interrupts unmasked? False in an ISR. Context: task | isr | any hart | init */
static inline bool em_irq_enabled(void)
{
    return em_host_masked_ == 0;
}

/** This hart's logical number. Context: any */
static inline unsigned em_arch_hart(void)
{
    return em_host_hart_;
}

/** A hint inside a loop that waits for another hart. Context: any */
static inline void em_arch_relax(void)
{
    sched_yield();
}

/** Context: any */
static inline long em_atomic_or(int32_t *p, int32_t bits)
{
    return __atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);
}

/** Context: any */
static inline long em_atomic_and(int32_t *p, int32_t bits)
{
    return __atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);
}

/** Context: any */
static inline long em_atomic_add(int32_t *p, int32_t n)
{
    return __atomic_fetch_add(p, n, __ATOMIC_SEQ_CST);
}

/** Context: any */
static inline long em_atomic_swap(int32_t *p, int32_t value)
{
    return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}

static inline void *em_atomic_swap_ptr_(void **p, void *value)
{
    return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}

static inline void *em_atomic_load_ptr_(void *const *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void em_atomic_store_ptr_(void **p, void *value)
{
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

/** Context: any */
static inline int32_t em_atomic_load(const int32_t *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

/** Context: any */
static inline void em_atomic_store(int32_t *p, int32_t value)
{
    __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

/* All before is seen before all behind. Context: any */
static inline void em_arch_fence_(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* A sum that orders nothing. */
static inline void em_atomic_count_(int32_t *p, int32_t n)
{
    __atomic_fetch_add(p, n, __ATOMIC_RELAXED);
}

/* Relaxed: for words that another access orders. */
static inline void *em_atomic_peek_ptr_(void *const *p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline void em_atomic_poke_ptr_(void **p, void *value)
{
    __atomic_store_n(p, value, __ATOMIC_RELAXED);
}

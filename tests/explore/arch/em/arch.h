/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * The instruction set's part of the port under the explorer: every access is a place where another hart
 * may go on or an interrupt may come, and harts are coroutines of one thread.
 *
 * Flow: executor/, sync/ -> here -> explorer.c picks who goes on -> the access itself
 */
#pragma once

#include <em/config.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct em_irq {
    bool was;
} em_irq;

/* explorer.c */
em_irq em_irq_save(void);
void em_irq_restore(em_irq irq);
void em_irq_enable(void);
void em_irq_disable(void);
bool em_irq_enabled(void);
unsigned em_arch_hart(void);
void em_arch_relax(void);

/* Before an access to a word: another may come first. */
void explore_access(const char *what, const void *word);

/* After it, with what the word held and holds. */
void explore_accessed(const void *word, uintptr_t before, uintptr_t after);

static inline long explore_update(const char *what, int32_t *p, int32_t keep, int32_t set, int32_t add)
{
    explore_access(what, p);
    int32_t before = *p;
    *p = (int32_t)((uint32_t)((before & keep) | set) + (uint32_t)add);
    explore_accessed(p, (uintptr_t)before, (uintptr_t)*p);
    return before;
}

static inline long em_atomic_or(int32_t *p, int32_t bits)
{
    return explore_update("or", p, -1, bits, 0);
}

static inline long em_atomic_and(int32_t *p, int32_t bits)
{
    return explore_update("and", p, bits, 0, 0);
}

static inline long em_atomic_add(int32_t *p, int32_t n)
{
    return explore_update("add", p, -1, 0, n);
}

static inline void em_arch_fence_(void)
{
}

/* Nothing depends on it: no step. */
static inline void em_atomic_count_(int32_t *p, int32_t n)
{
    *p += n;
}

static inline long em_atomic_swap(int32_t *p, int32_t value)
{
    return explore_update("swap", p, 0, value, 0);
}

static inline int32_t em_atomic_load(const int32_t *p)
{
    explore_access("load", p);
    return *p;
}

static inline void em_atomic_store(int32_t *p, int32_t value)
{
    explore_update("store", p, 0, value, 0);
}

static inline void *explore_exchange(const char *what, void **p, void *value)
{
    explore_access(what, p);
    void *before = *p;
    *p = value;
    explore_accessed(p, (uintptr_t)before, (uintptr_t)value);
    return before;
}

static inline void *em_atomic_swap_ptr_(void **p, void *value)
{
    return explore_exchange("swap", p, value);
}

static inline void *em_atomic_load_ptr_(void *const *p)
{
    explore_access("load", p);
    return *p;
}

static inline void em_atomic_store_ptr_(void **p, void *value)
{
    explore_exchange("store", p, value);
}

static inline void *em_atomic_peek_ptr_(void *const *p)
{
    return em_atomic_load_ptr_(p);
}

static inline void em_atomic_poke_ptr_(void **p, void *value)
{
    explore_exchange("poke", p, value);
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The start of hart 0 from S-mode.
 *
 * Hart 0 sleeps with its context of the PLIC as the only thing that wakes it. Nobody below us uses that context:
 * OpenSBI does not know the hart. The image that starts clears it again, and binds what it wants.
 *
 * Flow: em_small_start -> the LIM, the mailbox, the PLIC -> hart0_waits.S
 * Ref:  [U74MC] 13: WayEnable; the LIM is what is no cache, and is written before it is read; [PLIC] as in plic.c
 */
#include "hart0.h"

#include <em/doorbell.h>
#include <em/small.h>
#include <memory_map.h>
#include <stdint.h>
#include <string.h>

#define SMALL_HART 0
#define WAY_ENABLE 0x08

extern uint64_t __small_start[], __small_end[], __shared_start[], __shared_end[]; /* regions.ld */

static volatile uint64_t *mailbox(unsigned offset)
{
    return (volatile uint64_t *)(uintptr_t)(HART0_MAILBOX + offset);
}

/* The memory below the mailbox is there as long as no way was enabled. */
static bool hart0_waits(void)
{
    return *(volatile uint32_t *)(CCACHE_BASE + WAY_ENABLE) == 0 && *mailbox(HART0_WAITING_OFFSET) == HART0_WAITING;
}

/* Whole doublewords: a smaller store would read what nobody has written. */
static void copy(volatile uint64_t *to, const char *from, size_t bytes)
{
    for (uint64_t word; bytes; to++) {
        size_t n = bytes < sizeof word ? bytes : sizeof word;
        word = 0;
        memcpy(&word, from, n);
        *to = word;
        from += n;
        bytes -= n;
    }
}

static void let_the_bell_through(void)
{
    unsigned source = TIMER_IRQ(BELL_OF_HART0);
    uintptr_t enables = PLIC_BASE + 0x2000ul + 0x80ul * (unsigned)PLIC_CONTEXT_M(SMALL_HART);

    *(volatile uint32_t *)(enables + source / 32 * 4) = 1u << source % 32;
    *(volatile uint32_t *)(PLIC_BASE + 4ul * source) = 1;
}

int em_small_start(const void *image, size_t bytes)
{
    if (bytes > (size_t)((char *)__small_end - (char *)__small_start)) {
        return EM_ERR_OVERFLOW;
    }
    if (!hart0_waits()) {
        return EM_ERR_CLOSED;
    }
    *mailbox(HART0_WAITING_OFFSET) = 0;
    copy(__small_start, (const char *)image, bytes);
    for (volatile uint64_t *word = __shared_start; word < __shared_end; word++) {
        *word = 0;
    }
    __asm__ volatile("fence rw, rw" ::: "memory");
    *mailbox(HART0_ENTRY_OFFSET) = (uintptr_t)__small_start;
    let_the_bell_through();
    em_doorbell_ring(SMALL_HART);
    return EM_OK;
}

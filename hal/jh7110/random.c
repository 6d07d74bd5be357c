/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The JH7110's random number generator: 32 bytes at a time, which whoever waits first takes from.
 *
 * Invariant, with the lock: somebody waits only while the generator works, or after it has said that bytes are there,
 * in which case the first of them has been notified. Bytes that were given are overwritten with zeros.
 *
 * Flow: em_random_fill -> poll -> the hardware -> plic.c -> on_interrupt -> em_wake -> poll
 */
#include "crg.h"
#include "random_regs.h"

#include <em/assert.h>
#include <em/irq.h>
#include <em/random.h>

#define WORDS 8
#define MAX_LOCKUPS 8 /* in a row, each with a new seed */
#define LONG_ENOUGH 1000000 /* reads; a seed takes some thousand clocks */

/* The way there, too: without it the bus hangs. */
static const em_crg_needs way = {&em_crg_sys, {STG_BUS_CLOCK}, {STG_BUS_RESET}};
static const em_crg_needs needs = {&em_crg_stg, {TRNG_CLOCK_HCLK, TRNG_CLOCK_AHB}, {TRNG_RESET}};

static em_lock lock;
static em_interrupt interrupt;
static em_wait_list waiting;
static uint32_t pool[WORDS];
static uint32_t bytes; /* in the pool, its last ones */
static uint32_t lockups;
static bool started, working, seeded, failed;

static volatile uint32_t *at(unsigned offset)
{
    return (volatile uint32_t *)(uintptr_t)(TRNG_BASE + offset);
}

/* -- the hardware, with the lock ------------------------------------------------------------------ */

static void generate(void)
{
    working = true;
    *at(RANDOM_CTRL) = seeded ? RANDOM_CTRL_GENERATE : RANDOM_CTRL_RESEED;
}

static void take_pool(void)
{
    for (unsigned i = 0; i < WORDS; i++) {
        pool[i] = *at(RANDOM_RAND0 + 4 * i);
    }
    bytes = sizeof pool;
    lockups = 0;
    working = false;
}

static void reseed_or_fail(void)
{
    seeded = false;
    if (++lockups <= MAX_LOCKUPS) {
        generate();
    } else {
        failed = true;
        working = false;
    }
}

static void on_interrupt(void *arg)
{
    (void)arg;
    em_irq irq = em_lock_acquire(&lock);
    uint32_t what = *at(RANDOM_ISTAT);
    *at(RANDOM_ISTAT) = what;
    if (what & RANDOM_LOCKUP) {
        reseed_or_fail();
    } else if (what & RANDOM_READY) {
        take_pool();
    } else if (what & RANDOM_SEEDED) {
        seeded = true;
        generate();
    }
    if (!working && !em_wait_list_empty(&waiting)) {
        em_wait_list_wake_release(&waiting, &lock, irq);
    } else {
        em_lock_release(&lock, irq);
    }
}

/* Before anybody else knows of it: the generator, with its seed ordered. */
static void start_hardware(void)
{
    em_crg_bring_up(&way);
    em_crg_bring_up(&needs);
    for (unsigned reads = 0; *at(RANDOM_STAT) & RANDOM_STAT_BUSY; reads++) {
        EM_ASSERT(reads < LONG_ENOUGH);
    }
    *at(RANDOM_IE) = 0;
    *at(RANDOM_ISTAT) = ~0u;
    *at(RANDOM_MODE) = RANDOM_MODE_256;
    *at(RANDOM_AUTO_RQSTS) = 0;
    *at(RANDOM_AUTO_AGE) = 0;
    *at(RANDOM_IE) = RANDOM_IE_GLOBAL | RANDOM_READY | RANDOM_SEEDED | RANDOM_LOCKUP;
}

static void start(void)
{
    em_irq irq = em_lock_acquire(&lock);
    bool first = !started;
    started = true;
    working = working || first; /* by this, who comes from another hart meanwhile waits */
    em_lock_release(&lock, irq);
    if (first) {
        start_hardware();
        em_interrupt_bind(&interrupt, TRNG_IRQ, on_interrupt, NULL);
        em_interrupt_enable(&interrupt);
        *at(RANDOM_CTRL) = RANDOM_CTRL_RESEED;
    }
}

/* -- filling -------------------------------------------------------------------------------------- */

/* With the lock. */
static void take(em_random_fill_future *f)
{
    uint8_t *end = (uint8_t *)pool + sizeof pool;

    for (; bytes && f->done < f->len; bytes--) {
        f->buf[f->done++] = *(end - bytes);
        *(end - bytes) = 0;
    }
}

/* With the lock, which it releases: whoever is next may look, or the generator works for it. */
static void pass_on(em_irq irq)
{
    if (em_wait_list_empty(&waiting)) {
        em_lock_release(&lock, irq);
    } else if (bytes) {
        em_wait_list_wake_release(&waiting, &lock, irq);
    } else {
        if (!working) {
            generate();
        }
        em_lock_release(&lock, irq);
    }
}

static em_poll fill_poll(em_future *future, em_context *cx)
{
    em_random_fill_future *f = (em_random_fill_future *)(void *)future;

    f->out = (int)f->len;
    if (f->len == 0) {
        return EM_READY;
    }
    start();
    em_irq irq = em_lock_acquire(&lock);
    bool turn = em_wait_node_notified(&f->node) || (!em_wait_node_waiting(&f->node) && em_wait_list_empty(&waiting));
    if (turn) {
        em_wait_node_init(&f->node);
        take(f);
    }
    if (turn && f->done < f->len && failed) {
        f->out = EM_ERR_IO;
        f->done = f->len;
        failed = false; /* the next one tries again */
        lockups = 0;
    }
    if (turn && f->done == f->len) {
        pass_on(irq);
        return EM_READY;
    }
    em_wait_list_add(&waiting, &f->node, em_context_waker(cx));
    if (!working && !bytes) {
        generate();
    }
    em_lock_release(&lock, irq);
    return EM_PENDING;
}

static void fill_drop(em_future *future)
{
    em_random_fill_future *f = (em_random_fill_future *)(void *)future;

    em_irq irq = em_lock_acquire(&lock);
    if (em_wait_list_leave(&waiting, &f->node)) {
        pass_on(irq);
    } else {
        em_lock_release(&lock, irq);
    }
}

const em_future_ops em_random_fill_ops = {.poll = fill_poll, .drop = fill_drop, .name = "random"};

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several harts: which they are, and the start of each. In images for several, in place of hart.c.
 *
 * Nobody waits for the others to come up: what is spawned on a hart that is not there yet waits in its queue.
 *
 * Flow: start.S -> em_harts_start_ -> clint_harts.c or sbi_harts.c -> hart_start.S -> em_hart_main_ ->
 * em_executor_run
 */
#include "boot.h"
#include "hart.h"
#include "harts.h"
#include "ipi.h"

#include <string.h>

/* Not in .bss: a board's init, and a panic in it, may already ask. */
uint32_t em_physical_harts_[EM_CFG_MAX_HARTS] = {BOOT_HART};
em_hart_sleep em_hart_sleeps_[EM_CFG_MAX_HARTS];

static unsigned count = 1;

extern char __tls_base[], __tdata_end[];

unsigned em_hart_count(void)
{
    return count;
}

unsigned em_hart_physical(unsigned hart)
{
    return em_logical_to_physical_(hart);
}

void em_hart_wake_(unsigned hart)
{
    __asm__ volatile("fence rw, rw" ::: "memory"); /* a push is ordered by its swap, a request is a plain store */
    int32_t *asleep = &em_hart_sleeps_[hart].asleep;
    if (em_atomic_load(asleep) && em_atomic_swap(asleep, 0)) {
        em_ipi_raise_(hart);
    }
}

/* What the C library keeps for each thread. */
static void set_up_locals(void)
{
    size_t initialised = (size_t)(__tdata_end - __tls_base);
    char *own;
    __asm__("mv %0, tp" : "=r"(own));
    memcpy(own, __tls_base, initialised);
    memset(own + initialised, 0, EM_HART_LOCAL_BYTES - initialised);
}

void em_harts_start_(void)
{
    set_up_locals();
    em_ipi_enable_();
    for (unsigned physical = 0; physical < 8 * sizeof(unsigned) && count < EM_CFG_MAX_HARTS; physical++) {
        if ((USABLE_HARTS >> physical & 1) && physical != em_boot_hart_ && em_hart_can_start_(physical)) {
            em_physical_harts_[count] = physical;
            em_thread_executors_[count].hart = (int32_t)count;
            count++;
        }
    }
    for (unsigned hart = 1; hart < count; hart++) { /* who runs finds the count complete */
        em_hart_start_physical_(em_physical_harts_[hart], hart);
    }
}

_Noreturn void em_hart_main_(unsigned hart)
{
    set_up_locals();
    em_ipi_enable_();
    em_irq_enable();
    em_executor_run(&em_thread_executors_[hart]);
}

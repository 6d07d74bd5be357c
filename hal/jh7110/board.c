/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bring-up of the VisionFive 2: what power-on leaves undefined. Devices are brought up by their drivers.
 *
 * Flow: start.S -> here
 */
#include "board.h"
#include "boot.h"

#include <memory_map.h>
#include <stdint.h>

/*
 * Enables, priorities and thresholds are random at power-on ([JH-PLIC]): no hart may be interrupted by, or claim,
 * what nobody bound. In S-mode the contexts of M-mode are the firmware's, which uses none of them.
 */
static void clear_plic(void)
{
    for (unsigned context = 0; context < PLIC_CONTEXTS; context++) {
        for (unsigned word = 0; word <= (PLIC_SOURCES - 1) / 32; word++) {
            *(volatile uint32_t *)(PLIC_BASE + 0x2000ul + 0x80ul * context + 4ul * word) = 0;
        }
        *(volatile uint32_t *)(PLIC_BASE + 0x200000ul + 0x1000ul * context) = 0;
    }
    for (unsigned source = 1; source < PLIC_SOURCES; source++) {
        *((volatile uint32_t *)PLIC_BASE + source) = 0;
    }
}

void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp)
{
    clear_plic();
#if EM_CFG_MODE_S
    em_sbi_boot_hart(a0, a1, tp);
    if (em_sbi_is_device_tree(a1)) {
        em_caller_[0] = 0; /* the firmware jumped here: there is no way back */
    }
#else
    (void)a0, (void)a1, (void)tp;
#endif
}

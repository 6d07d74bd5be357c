/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bring-up of QEMU's virt: nothing is to be done, every device works from reset.
 *
 * Flow: start.S -> here
 */
#include "boot.h"

void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp)
{
#if EM_CFG_MODE_S
    em_sbi_boot_hart(a0, a1, tp);
#else
    (void)a0, (void)a1, (void)tp;
#endif
}

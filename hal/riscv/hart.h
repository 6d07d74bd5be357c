/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Logical and physical hart numbers: logical 0 is the boot hart, the others follow in physical order.
 */
#pragma once

#include <em/arch.h>
#include <memory_map.h>

#if EM_CFG_MODE_S
extern unsigned em_boot_hart_; /* physical, as the firmware said */
#else
#define em_boot_hart_ BOOT_HART
#endif

static inline unsigned em_logical_to_physical_(unsigned logical)
{
    return logical == 0 ? em_boot_hart_ : logical <= em_boot_hart_ ? logical - 1 : logical;
}

static inline unsigned em_this_hart_physical_(void)
{
    return em_logical_to_physical_(em_arch_hart());
}

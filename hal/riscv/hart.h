/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Logical and physical hart numbers: logical 0 is the boot hart, the others that run follow in physical order.
 */
#pragma once

#include <em/arch.h>
#include <memory_map.h>

#if EM_CFG_MAX_HARTS > 1
extern uint32_t em_physical_harts_[EM_CFG_MAX_HARTS]; /* harts.c */
#define em_boot_hart_ em_physical_harts_[0]
#elif EM_CFG_MODE_S
extern unsigned em_boot_hart_; /* physical, as the firmware said */
#else
#define em_boot_hart_ BOOT_HART
#endif

static inline unsigned em_logical_to_physical_(unsigned logical)
{
#if EM_CFG_MAX_HARTS > 1
    return em_physical_harts_[logical];
#else
    return logical == 0 ? em_boot_hart_ : logical <= em_boot_hart_ ? logical - 1 : logical;
#endif
}

static inline unsigned em_this_hart_physical_(void)
{
    return em_logical_to_physical_(em_arch_hart());
}

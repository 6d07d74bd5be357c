/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Which hart boots, in S-mode, where mhartid cannot be read.
 *
 * Flow: start.S -> em_board_init -> here -> hart.h
 */
#include "boot.h"
#include "hart.h"
#include "sbi.h"

#define FDT_MAGIC_LE 0xedfe0dd0 /* 0xd00dfeed, big-endian */

#if EM_CFG_MAX_HARTS == 1
unsigned em_boot_hart_;
#endif

bool em_sbi_is_device_tree(unsigned long a1)
{
    return a1 != 0 && a1 % 8 == 0 && *(const uint32_t *)a1 == FDT_MAGIC_LE;
}

static bool is_started(unsigned long hart)
{
    sbi_result r = sbi_call(SBI_HSM, SBI_HSM_HART_GET_STATUS, hart);
    return r.error == 0 && r.value == SBI_HSM_STARTED;
}

/*
 * The SBI enters with a0 = hart and a1 = device tree. U-Boot's `go` enters with a0 = argc, a1 = argv, an
 * array of pointers, and keeps its hart in tp; should another loader not, the first hart that the SBI has
 * started is us: no loader leaves a lower one running.
 */
void em_sbi_boot_hart(unsigned long a0, unsigned long a1, unsigned long tp)
{
    unsigned long hart = tp;
    if (em_sbi_is_device_tree(a1)) {
        hart = a0;
    } else if (!is_started(tp)) {
        for (hart = 0; hart < 64 && !is_started(hart); hart++) {
        }
    }
    em_boot_hart_ = (unsigned)hart;
}

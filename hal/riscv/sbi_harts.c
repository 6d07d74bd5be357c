/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The other harts in S-mode: the firmware has stopped them, and starts them when it is told to.
 *
 * Flow: harts.c -> here -> the SBI -> hart_start.S
 * Ref:  [SBI] 9.1, 9.3
 */
#include "harts.h"
#include "sbi.h"

#include <em/assert.h>

extern char em_hart_start_[]; /* hart_start.S */

/* One that runs already is somebody else's. */
bool em_hart_can_start_(unsigned physical)
{
    sbi_result r = sbi_call(SBI_HSM, SBI_HSM_HART_GET_STATUS, physical);
    return r.error == 0 && r.value == SBI_HSM_STOPPED;
}

void em_hart_start_physical_(unsigned physical, unsigned logical)
{
    sbi_result r = sbi_call3(SBI_HSM, SBI_HSM_HART_START, physical, (unsigned long)em_hart_start_, logical);
    EM_ASSERT(r.error == 0);
}

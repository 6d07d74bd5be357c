/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The clock of S-mode: the time CSR.
 *
 * Flow: em_now, timer_queue.c -> here
 */
#include "csr.h"

#include <em/time_driver.h>

uint64_t em_time_driver_now(void)
{
    return csr_read(time);
}

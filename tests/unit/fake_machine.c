/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the tests need beside a real board: it has no environment to take a seed from. */
#include "runner.h"

unsigned test_share_of(unsigned schedules)
{
    return schedules < 10000 ? schedules / 10 : 1000;
}

uint64_t test_first_seed(void)
{
    return 1;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How many harts run executors, and which they are. */
#include "hart.h"

#include <em/executor.h>

unsigned em_hart_count(void)
{
    return 1;
}

unsigned em_hart_physical(unsigned hart)
{
    return em_logical_to_physical_(hart);
}

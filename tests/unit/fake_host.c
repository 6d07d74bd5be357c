/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the tests need of a board, from Linux: beside the fake port there is no board there. */
#include "runner.h"

#include <em/arch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Thread_local unsigned em_host_hart_;
_Thread_local unsigned em_host_masked_;

unsigned em_hart_count(void)
{
    return 1;
}

void em_print(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
}

_Noreturn void em_board_exit(int status)
{
    exit(status);
}

unsigned test_share_of(unsigned schedules)
{
    return schedules;
}

uint64_t test_first_seed(void)
{
    const char *given = getenv("EM_TEST_SEED");
    return given ? strtoull(given, NULL, 0) : 1;
}

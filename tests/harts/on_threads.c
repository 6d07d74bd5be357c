/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a program of this folder needs of a board, on the threads of tests/tsan/port.c.
 *
 * Flow: run_tsan.py -> main -> the program's first task
 */
#include "port.h"

#include <em/board.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WATCHDOG_SECONDS = 120 };

em_spawn_token em_MAIN_defines_the_first_task(em_spawner spawner);

void em_print(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
}

_Noreturn void em_board_exit(int status)
{
    fflush(stdout);
    _Exit(status);
}

int main(void)
{
    alarm(WATCHDOG_SECONDS);
    em_spawner first = em_spawner_hart(0);
    em_must_spawn(first, em_MAIN_defines_the_first_task(first));
    port_run_executors();
    for (;;) {
        pause();
    }
}

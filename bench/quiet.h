/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * What a program for size has in place of the framework's reports: it halts. And an LED that is a word.
 *
 * Flow: blinky.c, showdown.c -> here
 */
#pragma once

#include <em/board.h>
#include <em/port.h>
#include <em/trap.h>

static volatile unsigned quiet_led;

static _Noreturn void quiet_halt(void)
{
    for (;;) {
        __asm__ volatile("wfi");
    }
}

_Noreturn void em_port_panic(const char *what, const char *file, unsigned line)
{
    (void)what, (void)file, (void)line;
    quiet_halt();
}

void em_trap_unexpected(em_trap_frame *frame)
{
    (void)frame;
    quiet_halt();
}

_Noreturn void em_board_exit(int status)
{
    (void)status;
    quiet_halt();
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bring-up of an image beside one that came first, and has cleared what power-on leaves undefined: the U74s' in M-mode,
 * or the S7's that a program in S-mode has started.
 *
 * Flow: jh7110_small/others.S or jh7110/hart0_waits.S -> start.S -> here
 */
#include "boot.h"

void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp)
{
    (void)a0, (void)a1, (void)tp;
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Bring-up of the U74s' image beside the S7's: that one entered first, and has cleared what power-on leaves undefined.
 *
 * Flow: jh7110_small/others.S -> start.S -> here
 */
#include "boot.h"

void em_board_init(unsigned long a0, unsigned long a1, unsigned long tp)
{
    (void)a0, (void)a1, (void)tp;
}

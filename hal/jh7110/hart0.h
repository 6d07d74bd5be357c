/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Hart 0 beside a program in S-mode: where it waits, and who rings whom. For C and for assembly.
 *
 * It waits in the highest bytes of the LIM, which no stage before U-Boot proper uses, and looks into its mailbox at
 * each interrupt that its context of the PLIC lets through: the one interrupt of it that S-mode can raise.
 */
#pragma once

#define HART0_WAITS_AT 0x081df000
#define HART0_MAILBOX 0x081dff00
#define HART0_WAITING 0x30747261682d6d65 /* "em-hart0" */
#define HART0_WAITING_OFFSET 0           /* that, until somebody has taken it */
#define HART0_ENTRY_OFFSET 8             /* where it shall go, 0 as long as nowhere */

/* Channels of the timer block: their expiry rings. */
#define BELL_OF_HART0 2
#define BELL_OF_OTHERS 3

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The S7 of the JH7110: what differs from the map of the U74s. */
#pragma once

#include "../jh7110/memory_map.h"

#undef BOOT_HART
#undef USABLE_HARTS

#define BOOT_HART 0
#define USABLE_HARTS 0x01
#define OTHERS_MAY_GO /* the U74s wait for em_others_start() (others.S) */

#define CONSOLE_UART 1
#define CONSOLE_TX 43 /* pin 13 of the header */
#define CONSOLE_RX 42 /* pin 11 */

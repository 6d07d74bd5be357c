/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The small hart of QEMU's sifive_u: what differs from the map of the big ones. */
#pragma once

#include "../sifive_u/memory_map.h"

#undef BOOT_HART
#undef USABLE_HARTS
#undef UART0_BASE
#undef UART0_IRQ

#define BOOT_HART 0
#define USABLE_HARTS 0x01
#define UART0_BASE 0x10011000 /* its console is the second: /soc/serial@10011000 reg */
#define UART0_IRQ 5           /* /soc/serial@10011000 interrupts */

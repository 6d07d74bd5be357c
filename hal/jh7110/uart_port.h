/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Between uart_port.c and uart_clock.c. */
#pragma once

#include "uart16550.h"

/** The clock of a port that is out of reset and not in use, in Hz, to some per mille. Context: init | task. Cost: ms */
uint32_t em_uart_measure_clock_(const em_uart16550_traits *t);

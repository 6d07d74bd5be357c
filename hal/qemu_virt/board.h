/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the files of this board share. */
#pragma once

#include "uart16550.h"

extern const em_uart16550_traits em_console_traits_;

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* 50 ms beside five tasks that compute 10 ms at a time: no priority helps there, an interrupt executor does.
 *
 * run: --icount
 * expect: mean within 0.25 %: yes
 * expect: all within 1 ms: yes
 */
#define DELAYS 10
#define BUSY 5
#define COMPUTES_US 10000
#define DELAYED
#define WHERE em_spawner_level(1)
#include "delay_50ms.h"

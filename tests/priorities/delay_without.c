/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* 50 ms beside 600 tasks that compute 0.1 ms at a time: without priorities a delay is late by all of them.
 *
 * run: --icount
 * expect: mean within 0.25 %: no
 * expect: all within 1 ms: no
 * expect: mean late by more than 50 %: yes
 */
#define DELAYS 6
#define BUSY 600
#define COMPUTES_US 100
#define DELAYED
#define WHERE self->spawner
#include "delay_50ms.h"

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* 50 ms beside 600 tasks that compute 0.1 ms at a time: with a priority a delay is late by one of them at most.
 *
 * run: --icount
 * expect: mean within 0.25 %: yes
 * expect: all within 1 ms: yes
 */
#define DELAYS 15
#define BUSY 600
#define COMPUTES_US 100
#define DELAYED PRIORITY(7),
#define WHERE self->spawner
#include "delay_50ms.h"

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The build's em_config.h, but for the clock: test_time.c is built once for each of several. */
#include_next <em_config.h>

#undef EM_TICK_HZ
#define EM_TICK_HZ TEST_TICK_HZ

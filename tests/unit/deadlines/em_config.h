/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The build's em_config.h, but with deadlines. */
#include_next <em_config.h>

#undef EM_CFG_DEADLINES
#define EM_CFG_DEADLINES 1

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The build's em_config.h, but with the checks on. */
#include_next <em_config.h>

#undef EM_CFG_DEBUG
#define EM_CFG_DEADLINES 0
#define EM_CFG_DEBUG 1

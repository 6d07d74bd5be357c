/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The build's em_config.h, but with the option `trace`. */
#include_next <em_config.h>

#undef EM_CFG_TRACE
#define EM_CFG_TRACE 1

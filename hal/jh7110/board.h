/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the files of this board share. */
#pragma once

#include <em/config.h>

#if EM_CFG_MODE_S
/** Back to U-Boot, whose `go` called us: it gets @p status. Context: any, masked (caller.S) */
_Noreturn void em_return_to_caller_(int status);

extern unsigned long em_caller_[]; /* its registers; the first is 0 if nobody called us */
#endif

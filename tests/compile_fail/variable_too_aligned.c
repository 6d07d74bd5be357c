/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): a variable is aligned to more than 8 bytes */
/* clang: TASK\(blink\): a variable is aligned to more than 8 bytes */
#include <em/async.h>

#ifdef FIXED
TASK(blink, VARS(char buf[64]))
#else
TASK(blink, VARS(char buf[64] __attribute__((aligned(64))))) /* here */
#endif
{
    ASYNC {
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): POOL is given twice */
/* clang: TASK\(blink\): POOL is given twice */
#include <em/async.h>

#ifdef FIXED
TASK(blink, POOL(2), VARS(int n))
#else
TASK(blink, POOL(2), VARS(int n), POOL(3)) /* here */
#endif
{
    ASYNC {
    }
}

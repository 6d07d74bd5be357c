/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): VARS is given twice */
/* clang: TASK\(blink\): VARS is given twice */
#include <em/async.h>

#ifdef FIXED
TASK(blink, VARS(em_timer t; int n))
#else
TASK(blink, VARS(em_timer t), VARS(int n)) /* here */
#endif
{
    ASYNC {
    }
}

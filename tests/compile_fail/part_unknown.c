/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: TASK\(blink\): a part is not one of POOL\(n\), PRIORITY\(p\), ARGS\(...\), VARS\(...\) */
/* clang: TASK\(blink\): a part is not one of POOL\(n\), PRIORITY\(p\), ARGS\(...\), VARS\(...\) */
#include <em/async.h>

#ifdef FIXED
TASK(blink, VARS(em_timer t))
#else
TASK(blink, LOCALS(em_timer t)) /* here */
#endif
{
    ASYNC {
    }
}

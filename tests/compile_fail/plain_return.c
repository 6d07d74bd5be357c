/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'return' with no value, in function returning non-void */
/* clang: non-void function 'blink__body' should return a value */
#include <em/async.h>

TASK(blink)
{
    ASYNC {
        YIELD();
#ifdef FIXED
        RETURN();
#else
        return; /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'struct blink' has no member named 'out' */
/* clang: no member named 'out' in 'struct blink' */
#include <em/async.h>

TASK(blink)
{
    ASYNC {
        YIELD();
#ifdef FIXED
        RETURN();
#else
        RETURN(1); /* here */
#endif
    }
}

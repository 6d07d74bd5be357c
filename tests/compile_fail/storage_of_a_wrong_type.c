/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: passing argument 1 of 'em_timer_after' from incompatible pointer type */
/* clang: incompatible pointer types passing 'em_timeout \*' */
#include <em/async.h>

#ifdef FIXED
TASK(blink, VARS(em_timer tick))
#else
TASK(blink, VARS(em_timeout tick))
#endif
{
    ASYNC {
        AWAIT(em_timer_after(&self->tick, em_ms(1))); /* here */
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'struct blink' has no member named 'tick' */
/* clang: no member named 'tick' in 'struct blink' */
#include <em/async.h>

#ifdef FIXED
TASK(blink, VARS(em_timer tick))
#else
TASK(blink)
#endif
{
    ASYNC {
        AWAIT(em_timer_after(&self->tick, em_ms(1))); /* here */
    }
}

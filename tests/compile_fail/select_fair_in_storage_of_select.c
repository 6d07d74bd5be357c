/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: passing argument 1 of 'em_select_fair_arms_' from incompatible pointer type */
/* clang: incompatible pointer types passing 'em_select \*' */
#include <em/async.h>

#ifdef FIXED
TASK(blink, VARS(em_timer a; em_timer b; em_select_fair2 s))
#else
TASK(blink, VARS(em_timer a; em_timer b; em_select2 s))
#endif
{
    ASYNC {
        AWAIT(SELECT_FAIR(&self->s, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2)))); /* here */
    }
}

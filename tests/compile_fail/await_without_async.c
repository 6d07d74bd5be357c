/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'AWAIT_is_only_allowed_inside_ASYNC' undeclared */
/* clang: undeclared identifier 'AWAIT_is_only_allowed_inside_ASYNC' */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
#ifdef FIXED
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
#else
    AWAIT(em_timer_after(&self->t, em_ms(1))); /* here */
#endif
}

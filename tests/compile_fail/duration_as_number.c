/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: incompatible type for argument 2 of 'em_timer_after' */
/* clang: passing 'int' to parameter of incompatible type 'em_duration' */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
    ASYNC {
#ifdef FIXED
        AWAIT(em_timer_after(&self->t, em_ms(500)));
#else
        AWAIT(em_timer_after(&self->t, 500)); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: incompatible type for argument 2 of 'em_timeout_after_' */
/* clang: passing 'int' to parameter of incompatible type 'em_duration' */
#include <em/async.h>

TASK(blink, VARS(em_timer t; em_timeout to))
{
    ASYNC {
#ifdef FIXED
        AWAIT(WITH_TIMEOUT(&self->to, em_ms(5), em_timer_after(&self->t, em_ms(9))));
#else
        AWAIT(WITH_TIMEOUT(&self->to, 5, em_timer_after(&self->t, em_ms(9)))); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: label 'FINALLY_is_missing_after_ASYNC_TRY' used but not defined */
/* clang: use of undeclared label 'FINALLY_is_missing_after_ASYNC_TRY' */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
    ASYNC_TRY { /* here */
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
#ifdef FIXED
    FINALLY {
    }
#endif
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: label 'FINALLY_without_ASYNC_TRY' used but not defined */
/* clang: use of undeclared label 'FINALLY_without_ASYNC_TRY' */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
#ifdef FIXED
    ASYNC_TRY {
#else
    ASYNC {
#endif
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
    FINALLY { /* here */
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: assigning to type 'struct FINALLY_may_neither_AWAIT_nor_RETURN' */
/* clang: assigning to 'struct FINALLY_may_neither_AWAIT_nor_RETURN' */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
    ASYNC_TRY {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
    FINALLY {
#ifndef FIXED
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* here */
#endif
    }
}

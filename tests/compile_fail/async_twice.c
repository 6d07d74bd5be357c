/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: duplicate label 'ASYNC_may_stand_only_once_in_a_body' */
/* clang: redefinition of label 'ASYNC_may_stand_only_once_in_a_body' */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
    ASYNC {
        AWAIT(em_timer_after(&self->t, em_ms(1)));
    }
#ifndef FIXED
    ASYNC { /* here */
    }
#endif
}

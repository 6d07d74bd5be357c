/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'em_timer'.* has no member named 'out' */
/* clang: no member named 'out' in 'struct em_timer' */
#include <em/async.h>

TASK(blink, VARS(em_timer t; int n))
{
    ASYNC {
#ifdef FIXED
        AWAIT(em_timer_after(&self->t, em_ms(1)));
#else
        AWAIT_INTO(self->n, em_timer_after(&self->t, em_ms(1))); /* here */
#endif
    }
}

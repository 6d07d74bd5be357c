/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: invalid type argument of '->' */
/* clang: member reference type 'uint64_t' .* is not a pointer */
#include <em/async.h>

TASK(blink, VARS(em_timer t))
{
    ASYNC {
#ifdef FIXED
        AWAIT(em_timer_after(&self->t, em_ms(1)));
#else
        AWAIT(em_duration_as_ms(em_ms(1))); /* here */
#endif
    }
}

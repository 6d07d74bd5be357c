/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: switch jumps over variable initialization */
/* clang: variable 'i' may be uninitialized when used here */
#include <em/async.h>

TASK(blink, VARS(em_timer t; int i))
{
    ASYNC {
#ifdef FIXED
        for (self->i = 0; self->i < 3; self->i++) {
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
#elif defined(__clang__)
        for (int i = 0; i < 3; i++) { /* here */
            AWAIT(em_timer_after(&self->t, em_ms(1)));
        }
#else
        for (int i = 0; i < 3; i++) {
            AWAIT(em_timer_after(&self->t, em_ms(1))); /* here */
        }
#endif
    }
}

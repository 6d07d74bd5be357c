/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: ONE_OF takes up to 12 members */
/* clang: ONE_OF takes up to 12 members */
#include <em/async.h>

#define TWELVE em_timer a, em_timer b, em_timer c, em_timer d, em_timer e, em_timer f, em_timer g, em_timer h, \
               em_timer i, em_timer j, em_timer k, em_timer l

#ifdef FIXED
TASK(blink, VARS(ONE_OF(TWELVE)))
#else
TASK(blink, VARS(ONE_OF(TWELVE, em_timer m))) /* here */
#endif
{
    ASYNC {
        AWAIT(em_timer_after(&self->l, em_ms(1)));
    }
}

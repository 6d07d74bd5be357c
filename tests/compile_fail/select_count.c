/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: SELECT: the number of futures is not that of its storage */
/* clang: SELECT: the number of futures is not that of its storage */
#include <em/async.h>

TASK(blink, VARS(em_timer a; em_timer b; em_timer c; em_select2 sel))
{
    ASYNC {
#ifdef FIXED
        AWAIT(SELECT(&self->sel, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2))));
#else
        AWAIT(SELECT(&self->sel, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2)), /* here */
                     em_timer_after(&self->c, em_ms(3))));
#endif
    }
}

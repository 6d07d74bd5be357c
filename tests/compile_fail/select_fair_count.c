/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: SELECT_FAIR: the number of futures is not that of its storage */
/* clang: SELECT_FAIR: the number of futures is not that of its storage */
#include <em/async.h>

TASK(blink, VARS(em_timer a; em_timer b; em_timer c; em_select_fair3 sel))
{
    ASYNC {
#ifdef FIXED
        AWAIT(SELECT_FAIR(&self->sel, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2)),
                          em_timer_after(&self->c, em_ms(3))));
#else
        AWAIT(SELECT_FAIR(&self->sel, em_timer_after(&self->a, em_ms(1)), /* here */
                          em_timer_after(&self->b, em_ms(2))));
#endif
    }
}

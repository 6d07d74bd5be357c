/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: JOIN: the number of futures is not that of its storage */
/* clang: JOIN: the number of futures is not that of its storage */
#include <em/async.h>

TASK(blink, VARS(em_timer a; em_timer b; em_join3 join))
{
    ASYNC {
#ifdef FIXED
        AWAIT(JOIN(&self->join, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2)),
                   em_timer_after(&self->a, em_ms(1))));
#else
        AWAIT(JOIN(&self->join, em_timer_after(&self->a, em_ms(1)), em_timer_after(&self->b, em_ms(2)))); /* here */
#endif
    }
}

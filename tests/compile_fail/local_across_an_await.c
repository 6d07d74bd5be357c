/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: switch jumps over variable initialization */
/* clang: variable 'start' may be uninitialized when used here */
#include <em/async.h>

void use(uint64_t n);

TASK(blink, VARS(em_timer t; uint64_t start))
{
    ASYNC {
#ifdef FIXED
        self->start = em_now().ticks;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(self->start);
#elif defined(__clang__)
        uint64_t start = em_now().ticks;
        AWAIT(em_timer_after(&self->t, em_ms(1)));
        use(start); /* here */
#else
        uint64_t start = em_now().ticks;
        AWAIT(em_timer_after(&self->t, em_ms(1))); /* here */
        use(start);
#endif
    }
}

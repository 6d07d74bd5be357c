/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'AWAIT_is_only_allowed_inside_ASYNC' undeclared */
/* clang: undeclared identifier 'AWAIT_is_only_allowed_inside_ASYNC' */
#include <em/async.h>

#ifndef FIXED
void pause(em_timer *t);
void pause(em_timer *t)
{
    AWAIT(em_timer_after(t, em_ms(1))); /* here */
}
#endif

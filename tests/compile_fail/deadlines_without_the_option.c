/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: em_set_deadline: deadlines are off: meson setup -Ddeadlines=true */
/* clang: em_set_deadline: deadlines are off: meson setup -Ddeadlines=true */
#include <em/async.h>

TASK(urgent, PRIORITY(3))
{
    ASYNC {
#ifndef FIXED
        em_set_deadline(em_instant_add(em_now(), em_ms(10))); /* here */
#endif
        YIELD();
    }
}

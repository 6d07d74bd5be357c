/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: ignoring return value of 'blink' */
/* clang: ignoring return value of function declared with 'warn_unused_result' */
#include <em/async.h>

TASK(blink)
{
    ASYNC {
    }
}

MAIN()
{
    ASYNC {
#ifdef FIXED
        em_must_spawn(self->spawner, blink());
#else
        blink(); /* here */
#endif
    }
}

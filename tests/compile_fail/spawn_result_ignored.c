/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: ignoring return value of 'em_spawn' */
/* clang: ignoring return value of function declared with 'warn_unused_result' */
#include <em/async.h>

TASK(blink)
{
    ASYNC {
    }
}

MAIN(VARS(int err))
{
    ASYNC {
#ifdef FIXED
        self->err = em_spawn(self->spawner, blink());
#else
        em_spawn(self->spawner, blink()); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: implicit declaration of function 'blinkey' */
/* clang: implicit declaration of function 'blinkey' */
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
        em_must_spawn(self->spawner, blinkey()); /* here */
#endif
    }
}

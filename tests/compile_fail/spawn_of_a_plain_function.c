/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: incompatible type for argument 2 of 'em_must_spawn' */
/* clang: passing 'int' to parameter of incompatible type 'em_spawn_token' */
#include <em/async.h>

int plain(void);

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
        em_must_spawn(self->spawner, plain()); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: incompatible type for argument 1 of 'blink' */
/* clang: passing 'int' to parameter of incompatible type 'em_led' */
#include <em/async.h>
#include <em/board.h>

TASK(blink, ARGS((em_led, led), (em_duration, period)))
{
    ASYNC {
    }
}

MAIN()
{
    ASYNC {
#ifdef FIXED
        em_must_spawn(self->spawner, blink(EM_LED0, em_ms(500)));
#else
        em_must_spawn(self->spawner, blink(3, em_ms(500))); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: too few arguments to function 'blink' */
/* clang: too few arguments to function call, expected 2, have 1 */
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
        em_must_spawn(self->spawner, blink(EM_LED0)); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: assigning to type 'struct FINALLY_may_neither_AWAIT_nor_RETURN' */
/* clang: assigning to 'struct FINALLY_may_neither_AWAIT_nor_RETURN' */
#include <em/async.h>

TASK(blink)
{
    ASYNC_TRY {
        YIELD();
    }
    FINALLY {
#ifndef FIXED
        YIELD(); /* here */
#endif
    }
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: 'struct nothing' has no member named 'out' */
/* clang: no member named 'out' in 'struct nothing' */
#include <em/async.h>

ASYNC_FN(void, nothing)
{
    ASYNC {
        YIELD();
    }
}

ASYNC_FN(int, add, VARS(struct nothing nothing))
{
    ASYNC {
#ifdef FIXED
        AWAIT(nothing(&self->nothing));
#else
        AWAIT_TRY(nothing(&self->nothing)); /* here */
#endif
        RETURN(0);
    }
}

TASK(sum, VARS(struct add add))
{
    ASYNC {
        AWAIT(add(&self->add));
    }
}

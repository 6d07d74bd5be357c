/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: ASYNC_FN\(add\): ARGS takes up to 8 pairs */
/* clang: ASYNC_FN\(add\): ARGS takes up to 8 pairs */
#include <em/async.h>

#ifdef FIXED
ASYNC_FN(int, add, ARGS((int, n)))
#else
ASYNC_FN(int, add, ARGS((int))) /* here */
#endif
{
    ASYNC {
        RETURN(1);
    }
}

TASK(sum, VARS(struct add add))
{
    ASYNC {
#ifdef FIXED
        AWAIT(add(&self->add, 1));
#else
        AWAIT(add(&self->add));
#endif
    }
}

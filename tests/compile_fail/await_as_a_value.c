/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: expected expression before 'do' */
/* clang: expected expression */
#include <em/async.h>

ASYNC_FN(int, one)
{
    ASYNC {
        YIELD();
        RETURN(1);
    }
}

TASK(count, VARS(struct one one; int n))
{
    ASYNC {
#ifdef FIXED
        AWAIT_INTO(self->n, one(&self->one));
#else
        self->n = AWAIT(one(&self->one)); /* here */
#endif
    }
}

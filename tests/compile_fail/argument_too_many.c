/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gcc: too many arguments to function 'add' */
/* clang: too many arguments to function call, expected 2, have 3 */
#include <em/async.h>

ASYNC_FN(int, add, ARGS((int, n)))
{
    ASYNC {
        RETURN(self->n + 1);
    }
}

TASK(sum, VARS(struct add add; int n))
{
    ASYNC {
#ifdef FIXED
        AWAIT_INTO(self->n, add(&self->add, 1));
#else
        AWAIT_INTO(self->n, add(&self->add, 1, 2)); /* here */
#endif
    }
}
